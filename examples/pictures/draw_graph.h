#pragma once

#include <string>

namespace pictures {

// Draws a graph in the DOT language as a PNG by Graphviz. False, and nothing written, if its
// program dot is not installed or fails. Throws Error where the one cannot be read or the other not
// be written.
bool draw_graph(const std::string& dot_path, const std::string& png_path);

}  // namespace pictures
