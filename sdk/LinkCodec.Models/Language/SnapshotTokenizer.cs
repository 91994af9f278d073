using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Models.Language;

/// <summary>
/// Encodes messages as the tokens that a snapshot of a language model codes them by. Immutable; safe from many threads.
/// </summary>
internal sealed class SnapshotTokenizer
{
    private readonly BytePairTokenizer _tokenizer;

    private SnapshotTokenizer(BytePairTokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>Tokens have the numbers from 0 to this, exclusive.</summary>
    public int Count => _tokenizer.Count;

    /// <summary>The token that stands before everything that the network reads.</summary>
    public int BeginToken => _tokenizer.BeginToken;

    /// <summary>Reads a snapshot's tokenizer; the network is not loaded.</summary>
    /// <param name="files">An opened snapshot.</param>
    /// <exception cref="LinkException">The snapshot is of a family without tokens (SnapshotNotFound), or the
    /// tokenizer's file is missing or altered.</exception>
    public static SnapshotTokenizer Open(SnapshotFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Manifest.Family != SnapshotManifest.LanguageFamily)
        {
            throw new LinkException(
                LinkErrorCode.SnapshotNotFound,
                $"{files.Location}: expected a snapshot of the family '{SnapshotManifest.LanguageFamily}', found one "
                    + $"of '{files.Manifest.Family}', which has no tokens.");
        }

        return new SnapshotTokenizer(new BytePairTokenizer(TokenizerFile.Read(
            files.ReadNeeded(LanguageSnapshot.TokensPath).Span, $"{files.Location}/{LanguageSnapshot.TokensPath}")));
    }

    /// <summary>
    /// Appends a message's elements: the numbers of its tokens, and <c>~b</c> (-1 - b) for a byte b that no token
    /// spells. Linear time.
    /// </summary>
    public void Encode(ReadOnlySpan<byte> message, List<int> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        _tokenizer.Encode(message, elements);
    }
}
