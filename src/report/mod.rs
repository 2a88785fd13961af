//! Presentation as data: tables, charts and pages that know no simulation and touch no file.
//!
//! Everything here turns plain data into text or bytes. The same data always gives the same bytes, on any machine, with
//! any fonts installed. Names come from users, so every text is cleaned and escaped on output.
//!
//! | file | makes |
//! |---|---|
//! | `table.rs` | a table as data |
//! | `text.rs`, `csv.rs`, `html.rs` | text for a terminal, CSV, a self-contained HTML page with interactive charts |
//! | `estimates.rs` | means with their intervals on a page |
//! | `cells.rs`, `parquet.rs` | typed columns, and Parquet of them with what they mean |
//! | `workbook.rs` | sheets of typed cells, and an Excel workbook of them |
//! | `web/` | what such a page works with in a browser: style, script, data, and the policy that allows nothing else |
//! | `number.rs`, `quantity.rs`, `dates.rs` | numbers for people and numbers for machines; a number or share with its unit; dates |
//! | `chart/` | one file a chart: data and how it is drawn, as SVG |
//! | `drawing/` | what charts are drawn with: canvas, axes, colours, letters, SVG to PNG |

#[cfg(feature = "report")]
mod breaks;
pub mod cells;
#[cfg(feature = "report")]
pub mod chart;
pub mod csv;
pub(crate) mod dates;
#[cfg(feature = "report")]
mod drawing;
pub mod escape;
#[cfg(feature = "report")]
mod estimates;
#[cfg(feature = "report")]
pub mod html;
pub mod number;
#[cfg(feature = "report")]
pub mod parquet;
pub(crate) mod quantity;
pub mod table;
#[cfg(feature = "report")]
pub mod text;
#[cfg(feature = "report")]
mod web;
#[cfg(feature = "report")]
pub mod workbook;

#[cfg(feature = "report")]
pub use chart::{Chart, Size, Theme};
#[cfg(feature = "report")]
pub use drawing::picture::{PictureError, png};
#[cfg(feature = "report")]
pub use estimates::{Estimate, EstimateRow, Estimates};
#[cfg(feature = "report")]
pub use html::{Block, Figure, Notice, Page, Section};
pub use table::{Align, Cell, Column, Table};
