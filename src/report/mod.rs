//! Presentation as data: tables, charts and pages that know no simulation and touch no file.
//!
//! Everything here turns plain data into text or bytes: the same data always into the same bytes, on any machine,
//! with any fonts installed. Names come from strangers: every text is cleaned and escaped on its way out.
//!
//! | file | makes |
//! |---|---|
//! | `table.rs` | a table as data |
//! | `text.rs`, `csv.rs`, `html.rs` | text for a terminal, CSV, a self-contained HTML page with interactive charts |
//! | `parquet.rs` | Parquet: typed columns and what they mean |
//! | `web/` | what such a page works with in a browser: style, script, data, and the policy that allows nothing else |
//! | `number.rs` | numbers for people and numbers for machines |
//! | `chart/` | one file a chart: data and how it is drawn, as SVG |
//! | `drawing/` | what charts are drawn with: canvas, axes, colours, letters, SVG to PNG |

pub mod chart;
pub mod csv;
mod drawing;
mod escape;
pub mod html;
pub mod number;
pub mod parquet;
pub mod table;
pub mod text;
mod web;

pub use chart::{Chart, Size, Theme};
pub use drawing::picture::{PictureError, png};
pub use html::{Block, Estimate, EstimateRow, Estimates, Figure, Page, Section};
pub use table::{Align, Cell, Column, Table};
