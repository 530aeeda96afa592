//! Values, lists and pictures of numbers.

mod chart;
mod qr;
mod table;
mod value;

pub use chart::{BarChart, ChartPoint, LineChart};
pub use qr::QrView;
pub use table::{Column, DataTable};
pub use value::{DateStyle, DateTimeView, MoneyView};
