#pragma once

#include <string>

namespace vae {

// Draws a graph in the DOT language as a PNG by Graphviz. False, and nothing written, if its
// program dot is not installed or fails.
bool draw_graph(const std::string& dot_path, const std::string& png_path);

}  // namespace vae
