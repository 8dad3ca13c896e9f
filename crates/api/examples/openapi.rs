//! Prints the description of the REST interface, as committed:
//! `cargo run -p lienthong-api --example openapi > openapi/openapi.json`.

fn main() -> Result<(), serde_json::Error> {
    println!("{}", lienthong_api::openapi().to_pretty_json()?);
    Ok(())
}
