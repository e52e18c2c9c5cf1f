#pragma once

#include <string>

namespace pictures {

// Draws a graph in the DOT language as a PNG, with Graphviz's program dot. Throws nn::ProgramError
// if dot is not installed or fails, and Error if the graph cannot be read or the PNG cannot be
// written. Then it writes nothing.
void draw_graph(const std::string& dot_path, const std::string& png_path);

}  // namespace pictures
