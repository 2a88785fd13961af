//! What charts are drawn with. Lengths are pixels of the finished picture (96 to the inch), y downwards.

pub(super) mod axis;
pub(super) mod calendar;
pub(super) mod canvas;
pub(super) mod end_labels;
pub(super) mod frame;
pub(super) mod lettering;
pub(super) mod level_axis;
pub(super) mod picture;
pub(super) mod place;
pub(super) mod row_heads;
pub(super) mod theme;
