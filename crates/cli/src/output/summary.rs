//! A payload in a few words, as many as fit.

use annals_wire::Member;
use unicode_width::UnicodeWidthStr;

/// What stands for members that are not shown.
const MORE: &str = "…";

/// As many members as fit into `width`, each whole, and a sign where there are more.
pub(super) fn fitting(members: &[Member], width: usize) -> String {
    let mut shown = String::new();
    for (index, member) in members.iter().enumerate() {
        let text = member.to_string();
        let separator = if shown.is_empty() { "" } else { ", " };
        let is_last = index + 1 == members.len();
        let reserve = if is_last { 0 } else { MORE.width() + 2 };
        if shown.width() + separator.len() + text.width() + reserve > width {
            if !shown.is_empty() {
                shown.push_str(", ");
            }
            shown.push_str(MORE);
            break;
        }
        shown.push_str(separator);
        shown.push_str(&text);
    }
    shown
}

#[cfg(test)]
mod tests {
    use annals_wire::scalar_members;

    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let members = scalar_members(r#"{"a":"0123456789","b":2,"c":3}"#);
        assert_eq!(fitting(&members, 100), "a 0123456789, b 2, c 3");
        assert_eq!(fitting(&members, 16), "a 0123456789, …");
        assert_eq!(fitting(&members, 5), "…");
    }
}
