//! From text to a parsed document, with everything counted that must be counted before the parser runs.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, VariableDefinition};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Positioned, Value, Variables};

use super::error::{GraphqlErrorCode, Refusal};
use super::guard::{Limits, scan};

/// Scan, then parse.
///
/// The scan is linear and stops at the first exceeded limit; the parser is the expensive and recursive step, so it only
/// sees documents whose size and nesting are known to be small.
///
/// # Errors
/// A size or nesting limit, or `DOCUMENT_SYNTAX_ERROR` with the place. The parser's own text is not passed on, because
/// it repeats the offending line, which may be the whole document.
pub fn parse(source: &str, limits: &Limits) -> Result<ExecutableDocument, Refusal> {
    scan(source, limits)?;
    parse_query(source).map_err(|error| syntax_error(&error))
}

/// The operation a request asks for (GraphQL section 6.1, `GetOperation`).
///
/// # Errors
/// `OPERATION_NOT_FOUND`, and `OPERATION_NAME_REQUIRED` if there are several and none is named.
pub fn select_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, GraphqlErrorCode> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Single(_), Some(_)) => Err(GraphqlErrorCode::OperationNotFound),
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).ok_or(GraphqlErrorCode::OperationNotFound)
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(only),
                _ => Err(GraphqlErrorCode::OperationNameRequired),
            }
        }
    }
}

/// Every variable that may not be null must have a value (GraphQL section 6.1.2, `CoerceVariableValues`).
///
/// The engine looks at it only when it reaches the field that uses the variable, when other fields, in a mutation earlier
/// ones, have already been executed.
///
/// # Errors
/// `VARIABLE_MISSING`, at the definition of the variable.
pub fn check_variables(operation: &OperationDefinition, sent: &Variables) -> Result<(), Refusal> {
    let missing = operation.variable_definitions.iter().find(|definition| {
        let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
        let value = sent.get(&name.node);
        !var_type.node.nullable && value.map_or(default_value.is_none(), |value| *value == Value::Null)
    });
    missing
        .map_or(Ok(()), |found| Err(Refusal { location: Some(found.pos), ..GraphqlErrorCode::VariableMissing.into() }))
}

fn syntax_error(error: &ParseError) -> Refusal {
    Refusal { location: error.positions().next(), ..GraphqlErrorCode::DocumentSyntaxError.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_tells_its_place_and_nothing_else() {
        let refusal = parse("{\n  a(\n}", &Limits::default()).unwrap_err();
        assert_eq!(refusal.code, GraphqlErrorCode::DocumentSyntaxError);
        assert_eq!(refusal.location.map(|at| (at.line, at.column)), Some((3, 1)));
    }

    #[test]
    fn operations_are_selected_by_this_table() {
        use GraphqlErrorCode::{OperationNameRequired, OperationNotFound};
        let table = [
            ("{a}", None, None),
            ("{a}", Some("A"), Some(OperationNotFound)),
            ("query A{a}", None, None),
            ("query A{a}", Some("A"), None),
            ("query A{a} query B{a}", Some("B"), None),
            ("query A{a} query B{a}", Some("C"), Some(OperationNotFound)),
            ("query A{a} query B{a}", None, Some(OperationNameRequired)),
        ];
        for (source, name, expected) in table {
            let document = parse(source, &Limits::default()).unwrap();
            assert_eq!(select_operation(&document, name).err(), expected, "{source} {name:?}");
        }
    }

    #[test]
    fn a_variable_that_may_not_be_null_needs_a_value() {
        let check = |variables: &str, sent: serde_json::Value| {
            let document = parse(&format!("query({variables}){{a}}"), &Limits::default()).unwrap();
            let operation = select_operation(&document, None).unwrap();
            check_variables(&operation.node, &Variables::from_json(sent)).map_err(|refusal| refusal.code)
        };
        let missing = Err(GraphqlErrorCode::VariableMissing);
        let table = [
            ("$a:Int!", serde_json::json!({}), missing),
            ("$a:Int!", serde_json::json!({"a": null}), missing),
            ("$a:Int!", serde_json::json!({"a": 1}), Ok(())),
            ("$a:Int!=1", serde_json::json!({}), Ok(())),
            ("$a:Int!=1", serde_json::json!({"a": null}), missing),
            ("$a:Int", serde_json::json!({}), Ok(())),
            ("$a:Int $b:[Int]!", serde_json::json!({"a": 1}), missing),
        ];
        for (variables, sent, expected) in table {
            assert_eq!(check(variables, sent), expected, "{variables}");
        }
    }
}
