/// The interpreter and its versions. Two runs of a program with the same `ENGINE` give the same outputs; a change of it
/// is a reason to run again what was computed before.
///
/// A test holds it against the versions that are built in.
pub const ENGINE: &str = "jaq-core 3.1.2, jaq-json 2.0.3, jaq-std 3.0.4";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_versions_that_are_built_in() {
        let lock = include_str!("../../../Cargo.lock");
        for part in ENGINE.split(", ") {
            let (name, version) = part.split_once(' ').unwrap();
            assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")), "{part}");
        }
    }
}
