//! The OpenAPI description: the frame, and what is the same for every operation.

use std::collections::BTreeSet;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::{Schema, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{Problem, ProblemType};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Plenary",
        description = "Live review of a draft report by the people of a consultation. Errors are RFC 9457 problems; \
                       live documents are reached by websocket under /sync, see ARCHITECTURE.md.",
    ),
    components(schemas(Problem, ProblemType)),
    security(("bearer" = []), ("session" = [])),
    tags(
        (name = "session", description = "Signing in by a link, and out again."),
        (name = "reports", description = "Reports with their outline."),
        (name = "sections", description = "Outline and stages."),
        (name = "people", description = "Organizations and participants."),
        (name = "threads", description = "Comments on passages and sections."),
        (name = "recommendations", description = "Numbered proposals."),
        (name = "documents", description = "Live documents as Yjs updates."),
        (name = "server", description = "The server itself."),
    ),
    modifiers(&Schemes)
)]
struct Frame;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of an invitation, or the server's admin token."))
            .build();
        let session = ApiKeyValue::with_description(
            "plenary",
            "The session cookie (`__Host-plenary` over https). What changes something must come from a page of this site.",
        );
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    }
}

/// The description before operations are added.
pub(super) fn frame() -> utoipa::openapi::OpenApi {
    Frame::openapi()
}

/// Adds to each operation what is the same for all: ids in the path, and the problem as the default answer.
pub(super) fn finish(mut openapi: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut openapi.paths.paths {
        for operation in operations(item) {
            operation.responses.responses.insert("default".to_owned(), problem());
            for name in names(path) {
                let id = ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
                operation.parameters.get_or_insert_default().push(id.build().into());
            }
        }
    }
    say_what_is_always_there(&mut openapi);
    openapi
}

/// In answers every field is there, null when it is empty; only requests may leave fields out.
fn say_what_is_always_there(openapi: &mut utoipa::openapi::OpenApi) {
    let requests: BTreeSet<String> = openapi
        .paths
        .paths
        .values_mut()
        .flat_map(operations)
        .filter_map(|operation| match &operation.request_body {
            Some(RefOr::T(body)) => Some(body.content.values()),
            _ => None,
        })
        .flatten()
        .filter_map(|content| match content {
            RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => {
                schema.ref_location.rsplit('/').next().map(str::to_owned)
            }
            _ => None,
        })
        .collect();
    for (name, schema) in &mut openapi.components.get_or_insert_default().schemas {
        if let RefOr::T(schema) = schema
            && !requests.contains(name)
        {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => object.required = object.properties.keys().cloned().collect(),
        Schema::AllOf(all) => {
            for part in &mut all.items {
                if let RefOr::T(part) = part {
                    require_all(part);
                }
            }
        }
        _ => {}
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// The names in braces of a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn problem() -> RefOr<utoipa::openapi::Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new()
        .description("Why it was not done, and what to do.")
        .content("application/problem+json", content)
        .build();
    RefOr::T(response)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// All operations as (path, method, operation).
    fn operations(openapi: &Value) -> Vec<(String, String, Value)> {
        let paths = openapi["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| {
                item.as_object()
                    .unwrap()
                    .iter()
                    .map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
            })
            .collect()
    }

    fn described() -> Value {
        serde_json::to_value(super::super::description()).unwrap()
    }

    #[test]
    fn every_operation_has_an_id_and_answers_problems() {
        let openapi = described();
        let mut ids = std::collections::BTreeSet::new();
        for (path, method, operation) in operations(&openapi) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} names two operations");
            let default = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert_eq!(default["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
            let given = operation["parameters"].as_array().cloned().unwrap_or_default();
            for name in super::names(&path) {
                let found = given.iter().filter(|it| it["name"] == name && it["in"] == "path");
                assert_eq!(found.count(), 1, "{method} {path} describes {name}");
            }
        }
    }

    #[test]
    fn no_reference_dangles() {
        let openapi = described();
        let text = openapi.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(openapi.pointer(reference).is_some(), "{reference} is not described");
        }
        assert!(openapi.pointer("/components/schemas/ProblemType/enum").is_some_and(Value::is_array));
    }

    #[test]
    fn answers_leave_no_field_out_and_requests_may() {
        let openapi = described();
        let required =
            |name: &str| openapi["components"]["schemas"][name]["required"].as_array().unwrap().clone();
        assert!(required("Thread").contains(&"resolved_at".into()));
        assert!(required("Participant").contains(&"joined_at".into()));
        assert_eq!(required("NewThread"), ["section", "text"]);
        assert_eq!(openapi["components"]["schemas"]["SectionChange"].get("required"), None);
    }

    #[test]
    fn what_needs_no_credentials_says_so() {
        let openapi = described();
        assert_eq!(openapi["security"].as_array().map(Vec::len), Some(2));
        let open: Vec<String> = operations(&openapi)
            .into_iter()
            .filter(|(_, _, operation)| operation["security"] == serde_json::json!([{}]))
            .map(|(path, method, _)| format!("{method} {path}"))
            .collect();
        assert_eq!(open, ["post /api/invitation", "get /api/reference", "post /api/session", "get /health"]);
    }
}
