#pragma once

#include <string>

namespace pictures {

// Draws a graph in the DOT language as a PNG by Graphviz's program dot. Throws nn::ProgramError if
// dot is not installed or fails, and Error where the one file cannot be read or the other not be
// written; then nothing is written.
void draw_graph(const std::string& dot_path, const std::string& png_path);

}  // namespace pictures
