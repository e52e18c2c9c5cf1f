// docs/vae_side_by_side.md shows lines of the program: they must be there.
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/examples/program.h"
#include "tests/paths.h"

namespace {

std::string trimmed(const std::string& line) {
  const auto first = line.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text(contents(source_path(path)));
  for (std::string line; std::getline(text, line);) lines.push_back(trimmed(line));
  return lines;
}

TEST(SideBySide, ShowsLinesThatStandInTheProgram) {
  std::set<std::string> program;
  for (const char* file : {"net.h", "net.cpp", "train_vae.cpp"})
    for (const std::string& line : lines_of(std::string("examples/vae/") + file))
      program.insert(line);
  int shown = 0;
  bool in_cpp = false;
  for (const std::string& line : lines_of("docs/vae_side_by_side.md")) {
    if (line.starts_with("```")) {
      in_cpp = line == "```cpp";
    } else if (in_cpp && !line.empty()) {
      EXPECT_TRUE(program.contains(line)) << line;
      ++shown;
    } else if (line.starts_with("|") && line.ends_with(";` |")) {
      const auto end = line.size() - 3, begin = line.rfind('`', end - 1) + 1;
      EXPECT_TRUE(program.contains(line.substr(begin, end - begin))) << line;
      ++shown;
    }
  }
  EXPECT_GT(shown, 75);
}

TEST(SideBySide, CountsTheLinesOfTheProgram) {
  const std::string page = contents(source_path("docs/vae_side_by_side.md"));
  const auto count = [](const char* file) {
    return std::to_string(lines_of(std::string("examples/vae/") + file).size());
  };
  EXPECT_NE(page.find("| " + count("net.h") + " + " + count("net.cpp") + " |"), std::string::npos)
      << count("net.h") << " + " << count("net.cpp");
  EXPECT_NE(page.find("| `train_vae.cpp` | " + count("train_vae.cpp") + " |"), std::string::npos)
      << count("train_vae.cpp");
}

}  // namespace
