//! Line icons on a grid of 24. They always stand beside a word, so they are hidden from screen readers.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    Arrow,
    Calendar,
    Check,
    Chevron,
    Clock,
    Cross,
    Download,
    Edit,
    Error,
    Filter,
    Globe,
    Info,
    Mail,
    Menu,
    Minus,
    Moon,
    Pin,
    Plus,
    Scan,
    Search,
    Share,
    Sun,
    Ticket,
    Trash,
    User,
    Users,
    Warning,
}

impl IconName {
    /// Arrows and the like point the other way in right-to-left pages.
    const fn turns(self) -> bool {
        matches!(self, Self::Arrow | Self::Chevron)
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Arrow => "M4 12h16M14 6l6 6-6 6",
            Self::Calendar => "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
            Self::Check => "M4 12.5l5.5 5.5L20 7",
            Self::Chevron => "M9 5l7 7-7 7",
            Self::Clock => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5.5l3.5 2",
            Self::Cross => "M5 5l14 14M19 5L5 19",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M4 20h16",
            Self::Edit => "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z",
            Self::Error => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.5v6M12 16v.6",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Globe => {
                "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18"
            }
            Self::Info => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.5M12 7.4v.6",
            Self::Mail => "M3 5.5h18v13H3zM3 6l9 7 9-7",
            Self::Menu => "M3 7h18M3 12h18M3 17h18",
            Self::Minus => "M5 12h14",
            Self::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
            Self::Pin => {
                "M12 21c4-5 7-8 7-11.5a7 7 0 0 0-14 0C5 13 8 16 12 21zM12 7a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5"
            }
            Self::Plus => "M5 12h14M12 5v14",
            Self::Scan => "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7 12h10",
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L21 21",
            Self::Share => "M12 15V4M8 7.5L12 3.5l4 4M5 12v8h14v-8",
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2"
            }
            Self::Ticket => "M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4zM14 6v2M14 11v2M14 16v2",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::User => {
                "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"
            }
            Self::Users => {
                "M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M2.5 20c.8-3.8 3.3-5.5 6.5-5.5s5.7 1.7 6.5 5.5M16 5.5a3.3 3.3 0 0 1 0 6.2M18 14.8c2 .8 3 2.5 3.5 5.2"
            }
            Self::Warning => "M12 4L2.5 20h19zM12 10v5M12 17.2v.6",
        }
    }
}

#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class="icon" class:icon-turns=name.turns() viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
}
