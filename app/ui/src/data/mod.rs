//! Values, lists and pictures of numbers.

mod chart;
mod figures;
mod qr;
mod table;
mod value;

pub use chart::{BarChart, ChartPoint, LineChart};
pub use figures::{Figure, FigureRow, FigureTable};
pub use qr::QrView;
pub use table::{Column, DataTable};
pub use value::{DateStyle, DateTimeView, MoneyView};
