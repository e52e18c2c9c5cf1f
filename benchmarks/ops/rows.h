#pragma once

// Rows for Google Benchmark.
void add_elementwise_rows();
void add_function_rows();
