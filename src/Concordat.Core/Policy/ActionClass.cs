namespace Concordat.Core.Policy;

/// <summary>What a transaction does, computed from the difference between the stored and the sent resource.</summary>
public enum ActionClass
{
    /// <summary>A new order or a cart checkout.</summary>
    NewPurchase,
    /// <summary>More seats.</summary>
    QuantityIncrease,
    /// <summary>Fewer seats.</summary>
    QuantityDecrease,
    /// <summary>Another term duration or end date.</summary>
    TermChange,
    /// <summary>Another billing cycle.</summary>
    BillingPlanChange,
    /// <summary>Upgrade or transition to another product.</summary>
    Upgrade,
    /// <summary>An add-on line on an existing order.</summary>
    AddOn,
    /// <summary>Trial to paid.</summary>
    TrialConversion,
    /// <summary>Legacy subscription to new commerce.</summary>
    Migration,
    /// <summary>Renewal asked for by a person.</summary>
    ManualRenewal,
    /// <summary>Instructions for the next term that change product, quantity, term or billing.</summary>
    ScheduledChange,
    /// <summary>Suspended to active.</summary>
    Reactivation,
    /// <summary>Renewal by the system at term end; never gated.</summary>
    AutoRenewal,
    /// <summary>Cancellation; never gated.</summary>
    Cancel,
    /// <summary>Suspension; never gated.</summary>
    Suspend,
    /// <summary>Friendly name, contact, partner of record, the auto-renew flag, clearing scheduled instructions; never gated.</summary>
    Administrative,
}
