mod scanner;

pub use scanner::ScannerPage;
