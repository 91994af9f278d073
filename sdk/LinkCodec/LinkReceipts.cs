namespace LinkCodec;

/// <summary>
/// How far the messages of a state folder's queue have come. Messages are numbered from 0 for as long as the folder
/// lives, in the order in which they were stored.
/// </summary>
/// <param name="Stored">Messages before this number are on this end's disk, or were.</param>
/// <param name="Sent">Messages before this number have left, at least once.</param>
/// <param name="Delivered">The receiver's application has acknowledged the messages before this number, as far as is
/// known here: it is told so when the link was silent, and otherwise now and then.</param>
public readonly record struct LinkReceipts(ulong Stored, ulong Sent, ulong Delivered);
