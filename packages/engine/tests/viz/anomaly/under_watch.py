"""A plugin, `pytest -p under_watch`: every test runs within `detect_anomaly()`, and only those named here may stop."""

from __future__ import annotations

import pytest

from micrograd.engine import detect_anomaly
from micrograd.engine.errors import AnomalyError

RIGHTLY = {
    "test_a_bad_number_in_an_array_is_found",
    "test_a_batch_of_no_label_that_counts_moves_nothing",
    "test_a_compiled_program_is_silent",
    "test_a_count_of_what_is_not_zero_counts_nan",
    "test_a_diverging_loss_is_stopped_before_the_step",
    "test_a_first_nan_is_where_the_page_opens",
    "test_a_gradient_that_is_nan_is_no_failure",
    "test_a_gradient_that_is_not_finite_becomes_zero",
    "test_a_hand_written_op_and_a_nan_are_explained",
    "test_a_kink_is_named_and_no_mismatch",  # one of them lies where a root's operand is negative",
    "test_a_loss_that_is_nan_names_step_module_and_operation",
    "test_a_part_that_is_nan_moves_nothing",
    "test_a_singular_matrix_has_an_infinite_condition_and_an_unknown_one_none",
    "test_a_step_that_diverged_leaves_the_running_statistics",
    "test_a_target_that_is_no_probability_makes_no_number",
    "test_an_infinite_element_is_refused",
    "test_an_infinite_slope_comes_in_silence",
    "test_arithmetic_is_that_of_floats",  # of some of which the product or quotient is inf
    "test_as_in_numpy",  # of interp, beyond its points and of nan
    "test_beside_infinite_points",
    "test_clip_is_numpys",
    "test_cross_entropy_in_loops",
    "test_each_element_receives_what_came_of_it",
    "test_edges_are_as_in_numpy_for_arrays_tensors_and_floats",
    "test_equal_eigenvalues_have_no_eigenvectors_of_their_own",
    "test_every_elementwise_function_is_an_activation",  # arccosh is one, of numbers below 1",
    "test_every_expression_gives_the_numbers_of_the_table_in_programs_of_arrays",
    "test_everything_ignored_is_nan_and_nothing_flows",
    "test_f_that_is_not_finite",
    "test_f_that_is_not_finite_beside_the_point",
    "test_forward_at_the_edges",
    "test_functions_of_few_and_of_many_numbers",
    "test_gradients_at_kinks_and_ties",
    "test_ieee_values_pass",
    "test_infinite_elements",
    "test_infinite_slopes_are_no_reason_to_warn",
    "test_infinities_and_nan",
    "test_infinity_comes_in_silence",
    "test_integers_and_booleans_follow_numpy",  # arctanh(1) is inf",
    "test_kl_div_of_a_target_of_zero_is_zero",
    "test_labels_one_for_each_row",  # one row's labels are all ignored, and the mean of nothing is nan",
    "test_logsumexp_neither_overflows_nor_loses_infinities",
    "test_losses_that_are_no_numbers_are_kept",
    "test_median_keeps_nan",
    "test_median_of_nothing_is_nan",
    "test_nan_and_infinities",
    "test_nan_and_infinity",
    "test_nan_as_a_border",
    "test_nan_in_the_data_is_stopped_at_once",
    "test_nan_is_kept_and_receives_the_gradient",
    "test_nan_stays_nan",
    "test_no_float_makes_an_op_raise",
    "test_no_samples",
    "test_no_spread_of_too_few",
    "test_nor_does_it_of_validation_data",
    "test_numpy_agrees_with_eager",  # of programs drawn at random",
    "test_over_no_rows_of_three",
    "test_over_nothing",
    "test_python_agrees_with_eager",  # of programs drawn at random",
    "test_questions",
    "test_singular_and_oblong_matrices_are_refused",  # the logarithm of the determinant of one of them is -inf",
    "test_slope_at_the_edges",
    "test_std_keeps_nan",
    "test_the_mean_of_nothing_is_nan",
    "test_too_few_degrees_of_freedom_is_nan",
    "test_values_and_slopes_at_the_edge",
    "test_values_of_nothing_and_of_too_much",
    "test_what_is_unknown_has_no_weight",
    "test_what_passes_over_nan",
    "test_wrong_rules_of_all_kinds",
}
# Who watches is seen by these: what is compiled runs once more, every node keeps its line, and all takes longer.
SEE_THE_WATCHER = {
    "test_a_count_that_a_function_keeps_is_warned_of",
    "test_a_loss_over_samples_opens_as_a_handful_of_boxes",
    "test_a_signal_in_a_long_backward",
    "test_a_stand_in_tells_of_its_operation_as_a_value_does",
    "test_a_table_that_shortens_its_rows_is_not_compiled",
    "test_a_watcher_within_the_code_sees_the_operations_there",
    "test_boxes_are_named_after_modules",
    "test_bytes_per_recorded_op",
    "test_explain_still_lists_the_inputs",
    "test_new_data_of_a_parameter_is_seen_and_nothing_is_traced_again",
    "test_nothing_is_kept_outside_of_the_block",
    "test_numbers_drawn_behind_its_back_are_refused_and_drawn_back",
    "test_random_numbers_are_refused_rather_than_kept_from_the_first_run",
    "test_vmap_traces_one_row",
    "test_what_a_function_writes_itself_is_no_reason_to_compile_again",
    "test_what_a_program_cannot_do_is_said_and_changes_nothing",
    "test_what_fails_on_the_way_leaves_a_whole_number_of_steps",
    "test_what_the_code_is_done_with_is_gone",
}


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.originalname in SEE_THE_WATCHER:
        pytest.skip("tells whether somebody watches")
    with detect_anomaly():
        try:
            return (yield)
        except AnomalyError:
            if pyfuncitem.originalname not in RIGHTLY:
                raise
            return True
