using System.Globalization;

namespace LinkCodec.Models;

/// <summary>
/// A device that a language model's network runs on. Other models run on the CPU in any case. The device changes no
/// byte: one that computes otherwise is refused.
/// </summary>
public readonly record struct ModelDevice
{
    /// <summary>Devices of a kind at most.</summary>
    public const int MaxDevices = 64;

    private const string CpuText = "cpu";
    private const string CudaText = "cuda";
    private readonly int _place; // 0: the CPU; else a device's number plus one

    private ModelDevice(int place) => _place = place;

    /// <summary>The processor: the default.</summary>
    public static ModelDevice Cpu => default;

    /// <summary>Whether the device is the CPU.</summary>
    public bool IsCpu => _place == 0;

    /// <summary>The device's number among those of its kind, from 0.</summary>
    public int Number => Math.Max(_place - 1, 0);

    /// <summary>An NVIDIA device, through ONNX Runtime's CUDA provider.</summary>
    /// <param name="number">The device's number, 0 to 63, as CUDA counts them.</param>
    public static ModelDevice Cuda(int number = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, MaxDevices);
        return new ModelDevice(number + 1);
    }

    /// <summary>Reads "cpu", "cuda" or "cuda:N".</summary>
    /// <param name="text">The device's name in lower case.</param>
    /// <param name="device">The CPU where this returns false.</param>
    public static bool TryParse(string? text, out ModelDevice device)
    {
        device = Cpu;
        if (text is CpuText)
        {
            return true;
        }

        int number = 0;
        bool isCuda = text is CudaText
            || (text is not null && text.StartsWith(CudaText + ":", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(CudaText.Length + 1), NumberStyles.None,
                    CultureInfo.InvariantCulture, out number)
                && number < MaxDevices);
        device = isCuda ? Cuda(number) : Cpu;
        return isCuda;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsCpu ? CpuText : string.Create(CultureInfo.InvariantCulture, $"{CudaText}:{Number}");
}
