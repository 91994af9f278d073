namespace LinkCodec.Baselines;

/// <summary>The coders of images and sounds that a comparison has, in the order of its table, all without loss.</summary>
internal static class MediaPeers
{
    /// <summary>Those of images.</summary>
    public static IReadOnlyList<MediaPeer> Images { get; } =
    [
        new("PNG, optipng 4", false, "optipng", "coded.png",
            "optipng -o4 -quiet -strip all -out coded.png in.png", "", RefusesPng),
        new("WebP lossless 9", false, "webp", "coded.webp",
            "cwebp -quiet -lossless -z 9 -exact in.png -o coded.webp", "dwebp -quiet coded.webp -o out.png",
            (planes, bits) => bits > 8 ? $"WebP has no {bits} bits a sample" : RefusesPng(planes, bits)),
        new("JPEG XL e7", false, "libjxl-tools", "coded.jxl",
            "cjxl in.png coded.jxl -d 0 -e 7 --quiet", "djxl coded.jxl out.png --quiet", RefusesPng),
        new("JPEG XL e9", false, "libjxl-tools", "coded.jxl",
            "cjxl in.png coded.jxl -d 0 -e 9 --quiet", "djxl coded.jxl out.png --quiet", RefusesPng),
        new("FLIF", false, null, "coded.flif", "flif -e in.png coded.flif", "flif -d coded.flif out.png", RefusesPng),
        new("JPEG 2000", false, "libopenjp2-tools", "coded.j2k",
            "opj_compress -n {levels} -i in.png -o coded.j2k", "opj_decompress -i coded.j2k -o out.png", RefusesPng),
    ];

    /// <summary>Those of sounds.</summary>
    public static IReadOnlyList<MediaPeer> Sounds { get; } =
    [
        new("FLAC 8", true, "flac", "coded.flac",
            "flac -s -f -8 --no-padding --no-seektable -o coded.flac in.wav", "flac -s -f -d -o out.wav coded.flac",
            (_, _) => null),
        new("WavPack hhx6", true, "wavpack", "coded.wv",
            "wavpack -q -y -hh -x6 in.wav -o coded.wv", "wvunpack -q -y coded.wv -o out.wav", (_, _) => null),
        new("TTA, ffmpeg", true, "ffmpeg", "coded.tta",
            "ffmpeg -v error -y -i in.wav -c:a tta coded.tta", "ffmpeg -v error -y -i coded.tta -c:a {pcm} out.wav",
            (_, _) => null),
    ];

    // They are given a PNG.
    private static string? RefusesPng(int planes, int bits) => planes > 4
        ? $"it is given a PNG, which has no {planes} planes"
        : bits is 8 or 16 || (planes == 1 && bits is 1 or 2 or 4)
            ? null
            : $"it is given a PNG, which has no {planes} planes of {bits} bits";
}
