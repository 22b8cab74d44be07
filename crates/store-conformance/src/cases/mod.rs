//! The cases, by the rule that they hold a store to, and the list that makes every store's tests.

mod append;
mod catalog;
mod checkpoint;
mod condition;
mod cursor;
mod dead_letter;
mod expected_version;
mod group_commit;
mod inspection;
mod limits;
mod payload;
mod proof;
mod query;
mod read;
mod reader;
mod repeat;
mod snapshot;
mod statistics;
mod subscription;
mod times;
mod verbatim;

/// Makes the list callable from stores' tests, and [`suite!`](crate::suite) of it.
///
/// A case that is written and not listed is dead code and fails the build.
macro_rules! cases {
    ($($module:ident { $($case:ident,)* })*) => {
        /// Every case, as the suite calls it.
        pub mod listed {
            $(
                #[doc = concat!("Cases of `", stringify!($module), "`.")]
                pub mod $module {
                    $(
                        #[doc = concat!("Case `", stringify!($case), "`.")]
                        #[must_use]
                        pub fn $case(fixture: crate::Fixture) -> crate::run::Case {
                            Box::pin(super::super::$module::$case(fixture))
                        }
                    )*
                }
            )*
        }
        suite_of!(($) $($module { $($case,)* })*);
    };
}

/// Defines `suite!`; the dollar sign comes as a parameter, for a macro cannot write one for another.
macro_rules! suite_of {
    (($dollar:tt) $($module:ident { $($case:ident,)* })*) => {
        /// Makes a test of every case, and one of random histories, for the store that the named function
        /// `async fn(Setup) -> impl TestStore` opens.
        #[macro_export]
        macro_rules! suite {
            ($dollar fresh:ident) => {
                $(
                    mod $module {
                        $(
                            #[test]
                            fn $case() {
                                $dollar crate::run(super::$dollar fresh, $dollar crate::listed::$module::$case);
                            }
                        )*
                    }
                )*

                mod model {
                    #[test]
                    fn gives_the_same_answers_to_random_histories() {
                        $dollar crate::model::check(super::$dollar fresh, file!());
                    }
                }
            };
        }
    };
}

cases! {
    append {
        gives_positions_from_0_without_gaps,
        records_events_in_the_order_given,
        gives_versions_per_stream_from_1,
        answers_with_the_places_that_are_read_back,
        refuses_a_producers_event_in_the_logs_own_stream,
        records_what_the_log_says_about_itself,
        refuses_an_append_with_neither_events_nor_cursors,
        refuses_two_expected_versions_for_one_stream,
        refuses_a_cursor_that_moves_twice,
        fills_in_what_the_producer_left_open,
        keeps_what_the_producer_said,
        makes_ids_that_grow_even_when_the_clock_does_not,
        records_a_thousand_events_as_one,
        tells_streams_apart_that_differ_in_case_type_or_a_slash,
        finds_where_an_event_stands,
        of_several_streams_is_recorded_whole_or_not_at_all,
        takes_any_uuid_as_an_id_in_any_order,
    }
    expected_version {
        any_holds_for_every_stream,
        no_stream_holds_for_a_new_stream_only,
        stream_exists_holds_for_a_stream_with_events_only,
        exactly_holds_for_the_last_version_only,
        refuses_a_stale_expected_version_and_writes_nothing,
        exactly_fails_for_a_stream_without_events,
        is_checked_for_every_stream_that_is_named,
        names_the_first_stream_that_fails,
        is_checked_for_a_stream_that_the_append_only_reads,
        counts_from_before_the_append,
        distinguishes_streams_by_type_and_id,
        holds_again_after_a_refused_append,
        of_many_appends_that_expect_the_same_one_is_recorded,
        guards_a_counter_that_many_increment,
    }
    condition {
        holds_when_nothing_matches,
        names_the_first_event_that_matches,
        counts_only_events_behind_a_position,
        matches_by_stream,
        matches_by_aggregate_type,
        matches_by_aggregate_id_whatever_the_type,
        matches_by_tags_all_of_which_are_needed,
        matches_when_any_item_does,
        needs_all_that_one_item_says,
        over_everything_guards_the_whole_log,
        does_not_see_the_appends_own_events,
        is_checked_after_the_expected_versions,
        that_fails_moves_no_cursor,
        is_checked_before_the_cursors,
        guards_an_append_of_cursors_only,
        sees_events_far_back,
        of_many_equal_appends_at_once_one_is_recorded,
    }
    repeat {
        gives_the_original_places_and_is_marked,
        writes_nothing,
        is_tested_before_the_expected_version,
        is_tested_before_the_condition,
        does_not_compare_the_context,
        does_not_compare_what_was_left_open,
        may_say_what_was_filled_in,
        ignores_the_order_of_tags,
        with_any_other_content_is_a_conflict,
        compares_the_bytes_of_the_payload,
        of_a_part_beside_new_events_is_a_conflict,
        beside_an_event_without_an_id_is_a_conflict,
        of_one_id_twice_in_an_append_is_a_conflict,
        of_events_of_several_appends_gives_the_places_of_each,
        of_a_refused_append_is_a_first_time,
        in_the_same_batch_sees_the_first_time,
        is_known_however_long_ago_the_first_time_was,
        is_known_after_reopening,
        at_the_same_time_is_recorded_once,
    }
    cursor {
        that_was_never_moved_has_no_place,
        moves_from_where_it_stands,
        does_not_move_from_elsewhere,
        that_stands_at_the_end_already_is_fine,
        moves_together_with_the_events_of_an_append,
        that_stands_elsewhere_refuses_the_append,
        that_stands_at_the_end_already_refuses_new_events,
        advances_of_an_append_are_made_all_or_none,
        moves_in_an_append_without_events,
        moves_in_an_append_without_events_may_be_repeated,
        moves_in_an_append_without_events_when_versions_are_as_expected,
        of_a_repeated_append_may_stand_at_the_end_already,
        of_a_repeated_append_is_advanced_where_it_was_not,
        of_a_repeated_append_that_stands_elsewhere_is_a_conflict,
        of_a_repeated_append_are_moved_all_or_none,
        is_seen_by_later_appends_of_the_same_batch,
        names_are_listed_with_their_places_in_order,
        places_may_be_any_text,
        may_stand_at_an_empty_text,
        is_where_it_was_after_reopening,
        is_moved_by_one_of_many_who_try,
    }
    group_commit {
        a_conflict_in_one_never_fails_another,
        an_invalid_event_in_one_fails_no_other,
        verdicts_come_in_the_order_of_the_appends,
        of_nothing_gives_no_verdicts,
        versions_count_earlier_appends_of_the_batch,
        conditions_see_earlier_appends_of_the_batch,
        a_refused_append_is_not_seen_by_later_ones,
        a_batch_of_many_is_recorded,
        concurrent_appends_are_each_recorded_once_and_gapless,
        events_of_one_append_stand_together_whoever_else_writes,
        an_answered_append_is_seen_by_every_reader_at_once,
    }
    read {
        of_an_empty_log_gives_nothing,
        goes_forwards_by_default_and_backwards_when_asked,
        goes_on_behind_a_position,
        behind_the_last_event_gives_nothing,
        backwards_from_beyond_the_end_gives_everything,
        gives_no_more_events_than_asked_for,
        of_pages_of_any_length_gives_the_same,
        stops_when_a_page_has_enough_bytes,
        of_a_smaller_size_hides_what_came_later,
        tells_the_size_that_the_page_saw,
        of_one_size_does_not_change_while_the_log_grows,
        of_a_stream_comes_in_the_order_of_versions,
        never_shows_position_n_plus_1_before_n,
    }
    reader {
        gives_everything_without_options,
        limits_and_leaves_out,
        ends_where_the_answer_ends,
        goes_backwards,
        starts_behind_a_position_and_ends_at_a_size,
        gives_answers_longer_than_a_page,
        shows_the_log_as_it_was_at_the_first_page,
    }
    query {
        without_items_gives_everything,
        by_event_type_gives_any_of_the_types,
        by_stream_gives_any_of_the_streams,
        by_aggregate_type_gives_all_its_streams,
        by_aggregate_id_goes_across_types,
        by_tags_needs_all_of_them,
        by_tag_needs_the_whole_tag,
        by_actor_gives_what_they_did,
        by_correlation_id_reads_the_metadata,
        by_correlation_id_takes_a_string_at_the_top_only,
        of_several_items_gives_what_matches_any_once,
        of_one_item_needs_all_that_it_says,
        of_a_hundred_items_is_answered,
        names_mean_themselves_and_nothing_else,
        of_every_pair_of_filters_agrees_with_the_definition,
        finds_what_lies_far_apart,
        gives_the_same_after_reopening,
    }
    payload {
        numbers_are_equal_by_exact_value,
        numbers_are_ordered_by_exact_value,
        strings_are_ordered_by_code_point,
        values_of_different_kinds_have_no_order,
        every_comparison_needs_the_value_to_be_there,
        values_are_equal_whatever_the_order_and_spelling_of_their_parts,
        contains_as_postgresql_does,
        of_the_whole_payload_may_be_contained,
        pointers_lead_through_objects_and_arrays,
        long_strings_that_differ_late_are_told_apart,
        statements_combine_with_each_other_and_with_filters,
    }
    times {
        a_range_includes_both_ends,
        an_offset_is_turned_into_utc,
        the_first_and_the_last_year_are_kept,
        of_happening_need_no_order,
        of_recording_are_the_stores,
        of_recording_never_go_backwards_when_the_clock_does,
        of_recording_do_not_go_backwards_over_a_reopening,
        of_recording_are_asked_for_apart_from_those_of_happening,
        that_producers_leave_open_are_the_moment_of_the_append,
    }
    subscription {
        catches_up_from_the_beginning,
        goes_on_behind_a_position,
        waits_for_what_comes,
        waits_in_an_empty_log,
        waits_for_a_position_that_is_yet_to_come,
        loses_nothing_when_a_waiting_reader_gives_up,
        has_no_gap_and_no_repeat_while_many_write,
        that_is_filtered_misses_nothing_while_many_write,
        that_is_filtered_names_the_previous_position,
        tells_that_nothing_new_matches,
        goes_on_after_reopening,
        growth_is_told_at_once_when_it_is_there_already,
        growth_is_no_repeat_and_no_refused_append,
    }
    verbatim {
        payloads_come_back_byte_for_byte,
        metadata_comes_back_byte_for_byte,
        contexts_come_back_byte_for_byte,
        everything_comes_back_after_reopening,
        names_come_back_as_they_were,
        tags_come_back_sorted_and_each_once,
        the_greatest_numbers_come_back,
        a_payload_a_hundred_deep_comes_back,
    }
    limits {
        a_payload_of_the_greatest_size_is_kept,
        a_larger_text_is_refused_and_named,
        a_longer_name_is_refused_and_named,
        more_tags_are_refused,
        the_event_that_is_refused_is_named,
    }
    proof {
        of_an_empty_log_has_the_empty_root,
        rows_state_what_is_read,
        leaves_follow_from_the_rows,
        openings_are_secrets_of_their_own,
        rows_of_a_range_stop_at_its_ends,
        roots_follow_from_the_leaves,
        roots_of_earlier_sizes_stay,
        of_inclusion_verify_for_every_leaf_and_size,
        of_consistency_verify_for_every_pair_of_sizes,
        that_cannot_exist_are_not_found,
        hashes_of_level_0_are_the_leaves,
        hashes_of_level_1_are_the_roots_of_256_leaves,
        in_a_tree_of_several_tiles_verify,
        does_not_change_with_refused_and_repeated_appends,
        goes_on_growing_after_reopening,
        is_of_one_head_while_many_write,
    }
    checkpoint {
        none_is_kept_at_first,
        the_newest_is_the_largest,
        the_newest_may_be_kept_again,
        one_that_is_not_larger_is_refused,
        one_larger_than_the_log_is_refused,
        one_of_another_log_is_refused,
        those_kept_are_listed_by_size,
        is_kept_byte_for_byte_with_all_signatures,
        is_there_after_reopening,
        keys_are_listed_the_current_one_last,
    }
    catalog {
        of_an_empty_log_is_empty,
        sums_up_each_stream,
        is_ordered_by_the_bytes_of_type_and_id,
        is_read_in_pages,
        of_one_type_leaves_out_the_others,
        is_searched_in_ids_whatever_the_case_of_ascii_letters,
        is_searched_for_what_was_typed_and_no_pattern,
        combines_type_search_and_pages,
        has_no_stream_of_a_refused_append,
        is_the_same_after_reopening,
    }
    statistics {
        of_an_empty_log_are_zero,
        count_events_and_streams,
        count_by_type_aggregate_type_and_actor,
        list_the_most_frequent_first_and_of_equals_the_lesser,
        count_by_the_hour_in_which_events_happened,
        count_what_was_recorded_once_and_nothing_refused,
        count_snapshots_and_their_bytes,
        are_the_same_after_reopening,
    }
    snapshot {
        none_is_kept_at_first,
        comes_back_as_it_was,
        of_the_greatest_version_up_to_one_is_nearest,
        with_a_later_timestamp_serves_no_earlier_moment,
        of_the_same_version_replaces_the_one_before,
        of_another_stream_or_reducer_is_not_found,
        kept_together_are_all_kept_and_listed_by_name_and_version,
        of_one_stream_can_be_dropped,
        all_can_be_dropped,
    }
    dead_letter {
        none_is_kept_at_first,
        is_numbered_from_1_and_kept_as_it_came,
        that_is_unknown_is_not_found,
        those_kept_are_listed_by_number,
        is_settled_once,
        is_no_event,
        is_there_after_reopening,
    }
    inspection {
        finds_nothing_in_an_empty_log,
        finds_nothing_in_a_sound_log,
    }
}
