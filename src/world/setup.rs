//! Setting up: how long it takes until an organisation may open requisitions.

use crate::input::Fields;
use crate::input::duration::Duration;

/// The keys of `[organisation.X]` about setting up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Time from the start of the organisation until it is set up.
    pub setup_days: Duration,
}

impl Setup {
    pub(super) fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            setup_days: fields.or(
                "setup_days",
                Duration::zero(),
                "days from its start until it is set up and may open requisitions",
            ),
        }
    }
}
