#pragma once

#include <map>
#include <string>
#include <string_view>

namespace chainer_names {

// What docs/names.tsv says about a public name of Chainer.
struct Entry {
  std::string here;  // its spelling in C++, "F::relu"; empty: it is not here
  std::string note;  // how it differs, or why it is not here
};

// The entries by their full names, "chainer.functions.relu".
const std::map<std::string, Entry, std::less<>>& table();

// The same for the text of a table, whose lines are: module, name, spelling, note, separated by tabs.
std::map<std::string, Entry, std::less<>> parse_table(std::string_view tsv);

}  // namespace chainer_names
