namespace Concordat.Core.Agreements;

/// <summary>The two agreements of the CSP programme, by their wire names.</summary>
public enum AgreementType
{
    /// <summary>Microsoft Cloud Agreement, 2018-08-07 to 2020-01-31.</summary>
    MicrosoftCloudAgreement,
    /// <summary>Microsoft Customer Agreement, from 2019-10-01 on.</summary>
    MicrosoftCustomerAgreement,
}
