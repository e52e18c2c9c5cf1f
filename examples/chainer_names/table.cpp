#include "examples/chainer_names/table.h"

#include <array>
#include <cstddef>

namespace chainer_names {

// Made by CMake from docs/names.tsv.
extern const char kNamesFile[];
extern const std::size_t kNamesFileSize;

std::map<std::string, Entry, std::less<>> parse_table(std::string_view tsv) {
  std::map<std::string, Entry, std::less<>> entries;
  while (!tsv.empty()) {
    std::string_view line = tsv.substr(0, tsv.find('\n'));
    tsv.remove_prefix(std::min(line.size() + 1, tsv.size()));
    if (line.empty() || line.starts_with('#')) continue;
    std::array<std::string, 4> columns;
    for (std::string& column : columns) {
      const std::size_t end = std::min(line.find('\t'), line.size());
      column = line.substr(0, end);
      line.remove_prefix(std::min(end + 1, line.size()));
    }
    entries.emplace(columns[0] + "." + columns[1], Entry{columns[2], columns[3]});
  }
  return entries;
}

const std::map<std::string, Entry, std::less<>>& table() {
  static const auto entries = parse_table({kNamesFile, kNamesFileSize});
  return entries;
}

}  // namespace chainer_names
