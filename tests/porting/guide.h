#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/paths.h"

// Expects that each line of code in a section of docs/porting_from_chainer.md stands in a source
// file too, where it is compiled and run: the lines between ```cpp and ```, and what stands in
// backquotes in the second column of a table.
namespace guide {

inline std::string text_of(const std::string& path) {
  std::ifstream file(source_path(path));
  return {std::istreambuf_iterator<char>(file), {}};
}

// Without blanks and comments, which lie differently on a page.
inline std::string bare(std::string line) {
  line = line.substr(0, line.find("  //"));
  std::erase(line, ' ');
  std::erase(line, '\n');
  return line;
}

template <class F>
void for_each_line(const std::string& text, const F& f) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    f(text.substr(at, end - at));
    at = end + 1;
  }
}

// From the heading `## section` to the next. `least` says how many lines there must be.
inline void expect_compiled(const std::string& section, const std::string& source,
                            std::size_t least) {
  std::string text = text_of("docs/porting_from_chainer.md"), here;
  const std::size_t begin = text.find("\n## " + section + "\n");
  ASSERT_NE(begin, std::string::npos) << section;
  text = text.substr(begin + 1, text.find("\n## ", begin + 1) - begin - 1);
  for_each_line(text_of(source), [&](const std::string& line) { here += bare(line); });
  std::size_t lines = 0;
  const auto expect = [&](const std::string& line) {
    if (bare(line).empty()) return;
    ++lines;
    EXPECT_NE(here.find(bare(line)), std::string::npos) << line;
  };
  bool code = false;
  for_each_line(text, [&](const std::string& line) {
    if (line.starts_with("```")) {
      code = line == "```cpp";
    } else if (code) {
      expect(line);
    } else if (line.starts_with("| ") && line.ends_with(" |")) {
      std::string cell = line.substr(line.find(" | ") + 3);
      for (std::size_t open = cell.find('`'); open != std::string::npos; open = cell.find('`')) {
        const std::size_t close = cell.find('`', open + 1);
        expect(cell.substr(open + 1, close - open - 1));
        cell = cell.substr(close + 1);
      }
    }
  });
  EXPECT_GE(lines, least);
}

}  // namespace guide
