#[test] fn dump() {}
