using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>Whether a file arrives sooner as its samples, which take their time to be coded.</summary>
internal static class MediaPace
{
    // Bytes of samples that a core codes in a second, about (benchmarks/README.md, media).
    private const double ImageSpeed = 90e3;
    private const double FastImageSpeed = 1e6;
    private const double SoundSpeed = 200e3;
    private const double VideoSpeed = 50e3;
    private const double SignalSpeed = 80e3;

    /// <summary>Threads that code at once.</summary>
    public static int CoresOf(LinkOptions options) =>
        options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

    /// <summary>Whether a sender carries a file as its samples: always where an effort is asked for that codes them,
    /// or where they go into a file; else where the link takes longer for the file than the cores for its
    /// samples.</summary>
    /// <param name="file">The file.</param>
    /// <param name="carried">The content with its samples.</param>
    /// <param name="options">The sender's options.</param>
    /// <param name="isFile">Whether the link is a file.</param>
    public static bool Pays(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> carried, LinkOptions options, bool isFile)
    {
        if (isFile || options.Effort is Effort.Flight or Effort.Full)
        {
            return true;
        }

        CarriedForm.TryRead(carried.Span, out CarriedForm form);
        if (options.Effort != Effort.Auto)
        {
            return options.Effort is Effort.Fast or Effort.Primed && MediaQueue.HasFastCode(form.Kind);
        }

        int cores = CoresOf(options);
        double speed = cores * (form.Kind switch
        {
            MediaKind.Sound => SoundSpeed,
            MediaKind.Video => VideoSpeed,
            MediaKind.Signal => SignalSpeed,
            _ => MediaQueue.IsStarved(options.Rate, cores) ? FastImageSpeed : ImageSpeed,
        });
        return !options.Rate.IsUnlimited && carried.Length / speed <= options.Rate.TimeFor(file.Length).TotalSeconds;
    }
}
