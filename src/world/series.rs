//! Series of month-end values: each measure of all roles together, then some measures of each role.

use super::ids::{RoleId, role_id};
use super::measure::{MEASURES, MeasureId};

/// The measures that are also kept by role, if there are several roles.
pub const ROLE_MEASURES: [MeasureId; 5] =
    [MeasureId::WANTED, MeasureId::HEADCOUNT, MeasureId::OPEN_REQUISITIONS, MeasureId::JOINS, MeasureId::LEAVES];

/// A series of month-end values, by its position: first [`MEASURES`] of all roles together, then [`ROLE_MEASURES`] of the
/// first role, of the second, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesId(u32);

impl SeriesId {
    /// Returns the series of a measure of one role among a number of roles. None if the measure is not kept by role.
    #[must_use]
    pub fn of_role(measure: MeasureId, role: RoleId, roles: usize) -> Option<Self> {
        let position = ROLE_MEASURES.iter().position(|&kept| kept == measure)?;
        // The only role is all roles.
        let of_role = || MEASURES.len() + usize::from(role.0) * ROLE_MEASURES.len() + position;
        Some(if roles > 1 { Self(of_role() as u32) } else { measure.into() })
    }

    /// Returns how many series a number of roles has.
    #[must_use]
    pub fn count(roles: usize) -> usize {
        MEASURES.len() + if roles > 1 { roles * ROLE_MEASURES.len() } else { 0 }
    }

    /// Returns all series of a number of roles, in the order of the files.
    pub fn all(roles: usize) -> impl Iterator<Item = Self> + Clone {
        (0..Self::count(roles) as u32).map(Self)
    }

    /// Returns its position.
    #[must_use]
    pub fn position(self) -> usize {
        self.0 as usize
    }

    /// Returns its measure.
    #[must_use]
    pub fn measure(self) -> MeasureId {
        match self.position().checked_sub(MEASURES.len()) {
            None => MeasureId::FIRST.after(self.position()),
            Some(beyond) => ROLE_MEASURES[beyond % ROLE_MEASURES.len()],
        }
    }

    /// Returns its role. None if it covers all roles.
    #[must_use]
    pub fn role(self) -> Option<RoleId> {
        self.position().checked_sub(MEASURES.len()).map(|beyond| role_id(beyond / ROLE_MEASURES.len()))
    }

    /// Whether its values are whole numbers.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.measure().about().is_whole
    }
}

impl From<MeasureId> for SeriesId {
    /// Returns the series of a measure of all roles together.
    fn from(measure: MeasureId) -> Self {
        Self(measure.position() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_knows_its_measure_and_role() {
        assert_eq!([0, 1, 2, 7].map(SeriesId::count), [10, 10, 20, 45]);
        for (position, series) in SeriesId::all(3).enumerate() {
            assert_eq!(series.position(), position);
            let again = match series.role() {
                None => Some(series.measure().into()),
                Some(role) => SeriesId::of_role(series.measure(), role, 3),
            };
            assert_eq!(again, Some(series));
        }
        assert!(ROLE_MEASURES.iter().all(|measure| measure.about().is_whole));
    }

    #[test]
    fn the_only_role_is_all_roles() {
        assert_eq!(SeriesId::of_role(MeasureId::JOINS, RoleId(0), 1), Some(MeasureId::JOINS.into()));
        assert_eq!(SeriesId::of_role(MeasureId::CLIENT_COST, RoleId(0), 2), None);
    }
}
