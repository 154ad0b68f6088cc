namespace Concordat.Core.Agreements.Texts;

/// <summary>What a renderer must know about the writing system of a language tag.</summary>
/// <param name="RightToLeft">Arabic and Hebrew.</param>
/// <param name="Complex">Scripts that Word lays out with its complex-script properties.</param>
/// <param name="EastAsianFont">A font that Word has for Chinese, Japanese or Korean; null for other scripts.</param>
public readonly record struct Script(bool RightToLeft, bool Complex, string? EastAsianFont)
{
    /// <summary>The writing system of a tag of the catalogue.</summary>
    public static Script Of(string language) => language switch
    {
        "ar-SA" or "he-IL" => new(true, true, null),
        "hi-IN" or "th-TH" => new(false, true, null),
        "ja-JP" => new(false, false, "Yu Gothic"),
        "ko-KR" => new(false, false, "Malgun Gothic"),
        "zh-HK" => new(false, false, "Microsoft JhengHei"),
        "zh-SG" => new(false, false, "Microsoft YaHei"),
        _ => default,
    };
}
