//! Prints the generated files of the repository as one JSON object, for `cargo xtask codegen`.

fn main() -> serde_json::Result<()> {
    println!("{}", serde_json::to_string(&lienthong_api::generated_files())?);
    Ok(())
}
