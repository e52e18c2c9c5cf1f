#include "examples/pictures/draw_graph.h"

#include <string_view>

#include "nn/files/read_file.h"
#include "nn/files/run_program.h"
#include "nn/files/write_file.h"

namespace pictures {

void draw_graph(const std::string& dot_path, const std::string& png_path) {
  const nn::Program dot{.command = {"dot", "-Tpng"}, .use = "draw graphs", .package = "graphviz"};
  const nn::Bytes graph = nn::read_file(dot_path, "draw_graph");
  const std::string_view text(reinterpret_cast<const char*>(graph.data()), graph.size());
  nn::write_file(png_path, nn::run_program(dot, text, "draw_graph"), "draw_graph");
}

}  // namespace pictures
