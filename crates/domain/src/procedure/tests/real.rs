#[test]
fn dump() {}
