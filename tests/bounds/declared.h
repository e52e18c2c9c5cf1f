#pragma once

#include <set>
#include <string>
#include <vector>

// What the library's headers declare, read from their text.
namespace bounds {

struct Declared {
  std::set<std::string> names;  // of functions: "sum"; of classes that have a constructor: "Linear"
  std::set<std::string> numbers;  // what they take: "sum axes", "Linear in_size"
};

// The headers that a header includes.
std::vector<std::string> included_by(const std::string& header);
// All headers of a folder.
std::vector<std::string> headers_of(const std::string& folder);

// The functions that stand outside of classes. Members of an options structure count as numbers that
// the function takes.
Declared functions_in(const std::vector<std::string>& headers);
// The public member functions of one class.
Declared members_in(const std::string& header, const std::string& name);
// The constructors of all classes but those whose name ends in Base.
Declared constructors_in(const std::vector<std::string>& headers);

}  // namespace bounds
