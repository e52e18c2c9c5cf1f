#include "examples/pictures/draw_results.h"

#include <filesystem>

#include "examples/pictures/draw_graph.h"
#include "examples/pictures/log_plot.h"

namespace pictures {

std::vector<std::string> draw_results(const std::string& folder) {
  const std::string log = folder + "/log", graph = folder + "/graph.dot";
  std::vector<std::string> missing;
  if (std::filesystem::exists(log) && !plot_log(log, folder + "/loss.png"))
    missing.emplace_back("loss.png is not written: this program was built without cairo.");
  if (std::filesystem::exists(graph) && !draw_graph(graph, folder + "/graph.png"))
    missing.emplace_back(
        "graph.png is not written: the program dot (Debian's package graphviz) is not here.");
  return missing;
}

}  // namespace pictures
