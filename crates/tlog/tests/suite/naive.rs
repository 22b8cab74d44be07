//! RFC 6962 written down naively, over all leaves.

use annals_tlog::{Hash, node_hash};

/// MTH(D[n]) of RFC 6962 section 2.1, word for word.
pub(crate) fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH(m, D[n]) of RFC 6962 section 2.1.1, word for word.
pub(crate) fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - k, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2, word for word.
pub(crate) fn naive_subproof(from: usize, leaves: &[Hash], root_is_known: bool) -> Vec<Hash> {
    if from == leaves.len() {
        return if root_is_known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = if from <= k {
        (naive_subproof(from, left, root_is_known), naive_root(right))
    } else {
        (naive_subproof(from - k, right, false), naive_root(left))
    };
    proof.push(sibling);
    proof
}

fn split(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}
