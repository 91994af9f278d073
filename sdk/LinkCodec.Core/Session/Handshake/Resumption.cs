using NSec.Cryptography;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>What an initiator resumes by. The secret is the caller's, who erases it once the initiator is
/// made.</summary>
/// <param name="Secret">What the last session of the same two ends left; it is never used again.</param>
/// <param name="Offer">The place among the offered snapshots of the one that was agreed on then.</param>
internal sealed record Resumption(ResumptionSecret Secret, int Offer);

/// <summary>The resumption secrets that a responder keeps, one for each initiator at most. Not thread-safe unless it
/// says so.</summary>
internal interface IResumptions
{
    /// <summary>The secret with a name, which the caller disposes of; null where there is none of this
    /// initiator.</summary>
    /// <param name="id">The secret's number on the wire.</param>
    /// <param name="initiator">The initiator's static key.</param>
    ResumptionSecret? Find(ulong id, PublicKey initiator);

    /// <summary>Whether a secret is there: it was neither spent nor replaced.</summary>
    bool Holds(ulong id);

    /// <summary>Takes a secret out: nothing finds it from now on.</summary>
    void Spend(ulong id);
}
