#include "examples/pictures/draw_graph.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "nn/files/read_file.h"
#include "nn/files/run_program.h"
#include "tests/examples/program.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/path.h"

namespace pictures {
namespace {

// dot would take such a name for a flag, and wait for its standard input.
TEST(DrawGraph, TakesNamesThatBeginAsFlags) {
  const Folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::create_directory(folder / "-v");
  folder.write("-v/graph.dot", "digraph { a -> b }");
  std::filesystem::current_path(folder / "");
  draw_graph("-v/graph.dot", "-v/graph.png");
  std::filesystem::current_path(before);
  EXPECT_THAT(contents(folder / "-v/graph.png"), testing::StartsWith("\x89PNG"));
}

TEST(DrawGraph, LeavesNothingWhereDotFails) {
  const Folder folder;
  const std::string no_graph = folder.write("graph.dot", "no graph");
  EXPECT_THAT(message_of<nn::ProgramError>([&] { draw_graph(no_graph, folder / "graph.png"); }),
              testing::StartsWith("draw_graph: dot must succeed, but it ended with status 1: "));
  {
    const Path nowhere(folder / "");
    EXPECT_EQ(message_of<nn::ProgramError>([&] { draw_graph(no_graph, folder / "graph.png"); }),
              "draw_graph: dot must be installed to draw graphs, but it is not: sudo apt install "
              "graphviz");
  }
  EXPECT_EQ(folder.number_of_files(), 1u);
  EXPECT_EQ(
      message_of([&] { draw_graph(folder / "absent", folder / "graph.png"); }),
      "draw_graph: " + (folder / "absent") + " must be readable, but: No such file or directory");
}

TEST(DrawGraph, FollowsNoSymbolicLinks) {
  const Folder folder;
  folder.write("theirs", "theirs");
  const std::string dot = folder.write("graph.dot", "digraph {}");
  for (const char* name : {"graph.png", "graph.png.tmp"})
    std::filesystem::create_symlink(folder / "theirs", folder / name);
  draw_graph(dot, folder / "graph.png");
  EXPECT_EQ(contents(folder / "theirs"), "theirs");
}

}  // namespace
}  // namespace pictures
