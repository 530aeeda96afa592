//! What the server answered, before anybody has looked into it.

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use serde::de::DeserializeOwned;

use crate::{ApiError, ErrorKind};

/// Written as a sign and JSON: `+` and what was read, or `-` and why it was refused.
#[derive(Clone)]
pub struct Answer(Kind);

#[derive(Clone)]
enum Kind {
    /// Not written yet: the server shows it itself first.
    #[cfg(feature = "ssr")]
    Found(Arc<dyn made::Found>),
    Written(Arc<str>),
    Refused(ApiError),
}

impl Answer {
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "browsers fetch"))]
    pub(super) fn written(json: String) -> Self {
        Self(Kind::Written(json.into()))
    }

    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "browsers fetch"))]
    pub(super) fn refused(error: ApiError) -> Self {
        Self(Kind::Refused(error))
    }

    /// What was read.
    ///
    /// # Errors
    /// The refusal; an internal error if it is something else than a `T`.
    pub fn open<T: Clone + DeserializeOwned + 'static>(&self) -> Result<T, ApiError> {
        let found = match &self.0 {
            #[cfg(feature = "ssr")]
            Kind::Found(found) => found.any().downcast_ref::<T>().cloned(),
            Kind::Written(json) => serde_json::from_str(json).ok(),
            Kind::Refused(error) => return Err(error.clone()),
        };
        found.ok_or_else(|| ApiError::new(ErrorKind::Internal, "internal"))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            #[cfg(feature = "ssr")]
            Kind::Found(found) => write!(f, "+{}", found.json().map_err(|_| fmt::Error)?),
            Kind::Written(json) => write!(f, "+{json}"),
            Kind::Refused(error) => write!(f, "-{error}"),
        }
    }
}

impl FromStr for Answer {
    type Err = Infallible;

    /// What cannot be read is an internal error of the server.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(match text.strip_prefix('+') {
            Some(json) => Kind::Written(json.into()),
            None => Kind::Refused(
                text.get(1..)
                    .and_then(|error| error.parse().ok())
                    .unwrap_or_else(|| ApiError::new(ErrorKind::Internal, "internal")),
            ),
        }))
    }
}

#[cfg(feature = "ssr")]
mod made {
    use std::{any::Any, sync::Arc};

    use serde::Serialize;

    use super::{Answer, Kind};
    use crate::ApiError;

    pub(super) trait Found: Send + Sync {
        fn any(&self) -> &dyn Any;
        fn json(&self) -> serde_json::Result<String>;
    }

    impl<T: Serialize + Send + Sync + 'static> Found for T {
        fn any(&self) -> &dyn Any {
            self
        }

        fn json(&self) -> serde_json::Result<String> {
            serde_json::to_string(self)
        }
    }

    impl<T: Serialize + Send + Sync + 'static> From<Result<T, ApiError>> for Answer {
        fn from(found: Result<T, ApiError>) -> Self {
            Self(match found {
                Ok(found) => Kind::Found(Arc::new(found)),
                Err(error) => Kind::Refused(error),
            })
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::Answer;
    use crate::{ApiError, ErrorKind};

    fn sent(answer: &Answer) -> Answer {
        answer.to_string().parse().unwrap()
    }

    #[test]
    fn what_is_read_is_the_same_before_and_after_the_way() {
        let words = vec!["tram".to_owned(), "+ \"'\\\u{2028}".to_owned()];
        let here = Answer::from(Ok(words.clone()));
        assert_eq!(here.open::<Vec<String>>(), Ok(words.clone()));
        assert_eq!(sent(&here).open::<Vec<String>>(), Ok(words));
        assert_eq!(sent(&Answer::from(Ok(()))).open::<()>(), Ok(()));
    }

    #[test]
    fn a_refusal_is_still_one() {
        let error = ApiError::field("name", domain::text::Fault::Required);
        let here = Answer::from(Err::<String, _>(error.clone()));
        assert_eq!(here.open::<String>(), Err(error.clone()));
        assert_eq!(sent(&here).open::<String>(), Err(error));
    }

    #[test]
    fn what_means_nothing_is_an_error_in_words() {
        for text in ["", "-", "+", "?{}", "+[1", "ж"] {
            let answer: Answer = text.parse().unwrap();
            let error = answer.open::<String>().unwrap_err();
            assert_eq!(error.kind, ErrorKind::Internal, "{text}");
        }
        let other = Answer::from(Ok(7_u32));
        assert_eq!(
            other.open::<String>().unwrap_err().kind,
            ErrorKind::Internal
        );
    }
}
