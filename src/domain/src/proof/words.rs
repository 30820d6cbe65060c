//! The closed lists of words that proofs are spoken in.

use crate::kernel::words;

words! {
    /// Is what a claim is about; the checklist in its order.
    ProofKind {
        /// The entry in the register of companies.
        BusinessLicence = "business_licence",
        /// Who may sign for the company.
        LegalRepresentative = "legal_representative",
        /// An account in the company's own name.
        BankAccount = "bank_account",
        /// The address, or the factory, seen by somebody who went there.
        SiteVisit = "site_visit",
        /// The right to export in its own name.
        ExportRegistration = "export_registration",
        /// A certificate of a system or of goods, such as ISO 9001 or CE; a company may have many.
        QualityCertificate = "quality_certificate",
    }
}

impl ProofKind {
    /// Says whether a company may have several of them at a time, told apart by their numbers.
    #[must_use]
    pub const fn is_many(self) -> bool {
        matches!(self, Self::QualityCertificate)
    }

    /// Says whether its number is nobody else's business beyond the last characters.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::LegalRepresentative | Self::BankAccount)
    }
}

words! {
    /// Is where a claim stands.
    ProofState {
        /// Waits for the market's admins.
        Submitted = "submitted",
        /// Waits for the company, which was asked for more.
        MoreAsked = "more_asked",
        /// Checked and found right; valid until its last day.
        Confirmed = "confirmed",
        /// Checked and not found right, or found wrong later.
        Refused = "refused",
        /// Its last day is over.
        Expired = "expired",
        /// The company took it back.
        Withdrawn = "withdrawn",
        /// A newer one of the same sort was confirmed.
        Replaced = "replaced",
    }
}

impl ProofState {
    /// Says whether somebody still has to do something about it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::MoreAsked)
    }
}

words! {
    /// Is why a claim was sent back or refused; used again and again, so that each company reads it in its own language.
    ProofReason {
        /// The file cannot be read.
        Unreadable = "unreadable",
        /// A page is missing.
        PageMissing = "page_missing",
        /// The file is another document than the claim.
        WrongDocument = "wrong_document",
        /// The document is out of date.
        OutOfDate = "out_of_date",
        /// It names another company or person.
        NameDiffers = "name_differs",
        /// The register or the issuer does not know the number.
        NumberUnknown = "number_unknown",
        /// The issuer says that it did not issue it.
        IssuerDenies = "issuer_denies",
        /// Nobody was found at the address.
        NotAtAddress = "not_at_address",
        /// Another reason, told in the note.
        Other = "other",
    }
}
