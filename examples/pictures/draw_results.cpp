#include "examples/pictures/draw_results.h"

#include <filesystem>

#include "examples/pictures/draw_graph.h"
#include "examples/pictures/log_plot.h"
#include "nn/files/run_program.h"

namespace pictures {

bool draw_if_possible(const std::string& name, const std::function<void()>& draw,
                      std::vector<std::string>& missing) {
  try {
    draw();
    return true;
  } catch (const nn::ProgramError& e) {
    missing.push_back(name + " is not written: " + e.what());
    return false;
  }
}

std::vector<std::string> draw_results(const std::string& folder) {
  const std::string log = folder + "/log", graph = folder + "/graph.dot";
  std::vector<std::string> missing;
  if (std::filesystem::exists(log))
    draw_if_possible(
        "loss.png", [&] { plot_log(log, folder + "/loss.png"); }, missing);
  if (std::filesystem::exists(graph))
    draw_if_possible(
        "graph.png", [&] { draw_graph(graph, folder + "/graph.png"); }, missing);
  return missing;
}

}  // namespace pictures
