
namespace LinkCodec.ModelBuilder.Training;

/// <summary>A profile, and the files whose messages it learns from.</summary>
/// <param name="Spec">The profile.</param>
/// <param name="Files">Globs: <c>*</c> for any characters, <c>?</c> for one; compared with a file's name with and
/// without its ending.</param>
internal sealed record ProfileRule(ProfileSpec Spec, IReadOnlyList<string> Files);

/// <summary>A rule that says how much of a file becomes dictionary.</summary>
/// <param name="Glob">The files that the rule is for, as in <see cref="ProfileRule.Files"/>.</param>
/// <param name="Kilobytes">Thousands of bytes, about.</param>
public sealed record DictionaryRule(string Glob, int Kilobytes);
