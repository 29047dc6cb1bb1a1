//! Cross-origin access for APIs whose callers present a token and never a cookie.
//!
//! Any origin is let in, so credentials of the browser never are: a page of a stranger can do no more than the token
//! that it holds allows.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::{Error, HttpResponse};
use futures_util::future::{FutureExt as _, LocalBoxFuture};

/// An hour, so that a page does not ask before every request.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// What browsers of other origins may do. Wraps a scope, and answers preflights itself with 204.
#[derive(Clone, Debug)]
pub struct Cors(Option<Policy>);

#[derive(Clone, Debug)]
struct Policy {
    methods: HeaderValue,
    exposed: Option<HeaderValue>,
}

impl Cors {
    /// Other origins get no leave; the scope answers as if this were not there.
    pub fn off() -> Self {
        Self(None)
    }

    /// Any origin may use these methods with any headers, and read these headers of answers besides the safe ones.
    /// Both are comma-separated lists; the second may be empty.
    pub fn any_origin(methods: &'static str, exposed: &'static str) -> Self {
        let exposed = (!exposed.is_empty()).then(|| HeaderValue::from_static(exposed));
        Self(Some(Policy { methods: HeaderValue::from_static(methods), exposed }))
    }

    /// The policy that counts for a request: none without an origin.
    fn policy(&self, request: &ServiceRequest) -> Option<&Policy> {
        self.0.as_ref().filter(|_| request.headers().contains_key(ORIGIN))
    }
}

impl Policy {
    fn preflight(&self, asked: &HeaderMap) -> HttpResponse {
        let mut answer = HttpResponse::NoContent().finish();
        let headers = answer.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        headers.insert(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
        // Echoed, because `*` does not cover `Authorization`.
        if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        answer
    }

    fn admit(&self, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        if let Some(exposed) = &self.exposed {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed.clone());
        }
    }
}

fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CorsService { cors: Rc::new(self.clone()), service }))
    }
}

/// A scope behind [`Cors`].
#[derive(Debug)]
pub struct CorsService<S> {
    cors: Rc<Cors>,
    service: S,
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        match self.cors.policy(&request) {
            None => self
                .service
                .call(request)
                .map(|answer| answer.map(ServiceResponse::map_into_left_body))
                .boxed_local(),
            Some(policy) if is_preflight(&request) => {
                let answer = policy.preflight(request.headers());
                ready(Ok(request.into_response(answer).map_into_right_body())).boxed_local()
            }
            Some(_) => {
                let (cors, answer) = (Rc::clone(&self.cors), self.service.call(request));
                async move {
                    let mut answer = answer.await?;
                    if let Some(policy) = &cors.0 {
                        policy.admit(answer.headers_mut());
                    }
                    Ok(answer.map_into_left_body())
                }
                .boxed_local()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, web};

    use super::*;

    async fn answer(cors: Cors, request: TestRequest) -> ServiceResponse<impl MessageBody> {
        let scope = web::scope("/api").wrap(cors).route("/x", web::get().to(HttpResponse::Ok));
        call_service(&init_service(App::new().service(scope)).await, request.to_request()).await
    }

    fn preflight(path: &str) -> TestRequest {
        TestRequest::with_uri(path)
            .method(Method::OPTIONS)
            .insert_header((ORIGIN, "https://shop.example"))
            .insert_header((ACCESS_CONTROL_REQUEST_METHOD, "PUT"))
            .insert_header((ACCESS_CONTROL_REQUEST_HEADERS, "authorization, x-mine"))
    }

    fn open() -> Cors {
        Cors::any_origin("POST, PUT", "X-Page, Location")
    }

    fn text(
        answer: &ServiceResponse<impl MessageBody>,
        name: impl actix_web::http::header::AsHeaderName,
    ) -> Option<&str> {
        answer.headers().get(name).and_then(|value| value.to_str().ok())
    }

    #[actix_web::test]
    async fn preflights_are_answered_for_every_path_of_the_scope() {
        for path in ["/api/x", "/api/unknown"] {
            let answer = answer(open(), preflight(path)).await;
            assert_eq!(answer.status(), 204);
            assert_eq!(text(&answer, ACCESS_CONTROL_ALLOW_ORIGIN), Some("*"));
            assert_eq!(text(&answer, ACCESS_CONTROL_ALLOW_METHODS), Some("POST, PUT"));
            assert_eq!(text(&answer, ACCESS_CONTROL_ALLOW_HEADERS), Some("authorization, x-mine"));
            assert_eq!(text(&answer, "access-control-allow-credentials"), None);
        }
    }

    #[actix_web::test]
    async fn answers_to_other_origins_may_be_read_errors_too() {
        for (path, status) in [("/api/x", 200), ("/api/unknown", 404)] {
            let answer =
                answer(open(), TestRequest::with_uri(path).insert_header((ORIGIN, "null"))).await;
            assert_eq!(answer.status(), status);
            assert_eq!(text(&answer, ACCESS_CONTROL_ALLOW_ORIGIN), Some("*"));
            assert_eq!(text(&answer, ACCESS_CONTROL_EXPOSE_HEADERS), Some("X-Page, Location"));
        }
    }

    #[actix_web::test]
    async fn without_an_origin_nothing_is_added_and_options_reach_the_scope() {
        let plain = answer(open(), TestRequest::with_uri("/api/x")).await;
        assert_eq!(
            (plain.status().as_u16(), text(&plain, ACCESS_CONTROL_ALLOW_ORIGIN)),
            (200, None)
        );
        let options = answer(open(), TestRequest::with_uri("/api/x").method(Method::OPTIONS)).await;
        assert_eq!(options.status(), 404);
    }

    #[actix_web::test]
    async fn off_means_no_leave() {
        let answer = answer(Cors::off(), preflight("/api/x")).await;
        assert_eq!(
            (answer.status().as_u16(), text(&answer, ACCESS_CONTROL_ALLOW_ORIGIN)),
            (404, None)
        );
    }
}
