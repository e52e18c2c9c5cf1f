#include "tests/bounds/declared.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "tests/paths.h"

namespace bounds {
namespace {

const std::regex kNumber(
    R"(\b(int|std::int64_t|Shape|ShapeOrNone|Size|Axes|HeightWidth|PerAxis|Sections|PadWidth|SamplingRatio|Indices|Order)\b)");

std::string text_of(const std::string& header) {
  std::ifstream file(source_path(header));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return std::regex_replace(text, std::regex("//[^\n]*|#[^\n]*"), "");
}

// What stands between the brackets that are opened at `open`.
std::string inside(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    depth += (text[i] == '(' || text[i] == '{') - (text[i] == ')' || text[i] == '}');
    if (depth == 0) return text.substr(open + 1, i - open - 1);
  }
  return "";
}
// The same of the bracket that ends a match.
std::string inside(const std::string& text, const std::smatch& match) {
  return inside(text, static_cast<std::size_t>(match.position() + match.length()) - 1);
}

// Cut at commas that are in no brackets.
std::vector<std::string> items(const std::string& list) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : list) {
    depth += (c == '(' || c == '<' || c == '{') - (c == ')' || c == '>' || c == '}');
    if (c == ',' && depth == 0)
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

std::string before(const std::string& text, char end) { return text.substr(0, text.find(end)); }

// "const Axes& axes = {}" is axes, "HeightWidth stride = 1" is stride.
std::string name_of(const std::string& parameter) {
  std::smatch match;
  const std::string declared = before(parameter, '=');
  return std::regex_search(declared, match, std::regex(R"((\w+)\s*$)")) ? match[1].str() : "";
}
bool is_number(const std::string& parameter) {
  return std::regex_search(before(parameter, '='), kNumber);
}

template <class Use>
void for_matches(const std::string& text, const std::string& pattern, const Use& use) {
  const std::regex regex(pattern);
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) use(*i);
}

// The numbers among the members of each options structure.
using Structures = std::map<std::string, std::vector<std::string>>;
Structures structures_in(const std::string& text) {
  Structures all;
  for_matches(text, R"(struct (\w*Options) \{)", [&](const std::smatch& match) {
    std::string body = inside(text, match);
    for (std::size_t at; (at = body.find(';')) != std::string::npos; body = body.substr(at + 1)) {
      const std::vector<std::string> parts = items(body.substr(0, at));
      if (!is_number(parts[0])) continue;
      for (const std::string& part : parts) all[match[1]].push_back(name_of(part));
    }
  });
  return all;
}

void add(Declared& found, const std::string& name, const std::string& parameters,
         const Structures& structures) {
  found.names.insert(name);
  for (const std::string& parameter : items(parameters)) {
    std::smatch match;
    if (std::regex_search(parameter, match, std::regex(R"((\w*Options)&)"))) {
      if (const auto options = structures.find(match[1]); options != structures.end())
        for (const std::string& member : options->second) found.numbers.insert(name + " " + member);
    } else if (is_number(parameter)) {
      found.numbers.insert(name + " " + name_of(parameter));
    }
  }
}

}  // namespace

std::vector<std::string> included_by(const std::string& header) {
  std::ifstream file(source_path(header));
  std::vector<std::string> all;
  const std::regex include(R"(#include "(.*)\")");
  std::smatch match;
  for (std::string line; std::getline(file, line);)
    if (std::regex_search(line, match, include)) all.push_back(match[1]);
  return all;
}

std::vector<std::string> headers_of(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_path(folder)))
    if (entry.path().extension() == ".h")
      all.push_back(std::filesystem::relative(entry.path(), source_path("")).string());
  return all;
}

Declared functions_in(const std::vector<std::string>& headers) {
  Declared found;
  for (const std::string& header : headers) {
    const std::string text = text_of(header);
    const Structures structures = structures_in(text);
    // A declaration begins a line.
    for_matches(
        text, R"(\n(?:inline )?[\w:<>]+ (operator[^\s(]+|\w+)\()",
        [&](const std::smatch& match) { add(found, match[1], inside(text, match), structures); });
  }
  return found;
}

Declared members_in(const std::string& header, const std::string& name) {
  Declared found;
  const std::string text = text_of(header);
  for_matches(text, "\nclass " + name + R"( [^;{]*\{)", [&](const std::smatch& match) {
    std::string body = inside(text, match);
    body = body.substr(0, body.find("\n private:"));
    for_matches(body, R"(\n  (?:static )?[\w:<>]+ (operator\[\]|\w+)\()",
                [&](const std::smatch& member) {
                  add(found, member[1], inside(body, member), structures_in(text));
                });
  });
  return found;
}

Declared constructors_in(const std::vector<std::string>& headers) {
  Declared found;
  for (const std::string& header : headers) {
    const std::string text = text_of(header);
    const Structures structures = structures_in(text);
    std::map<std::string, std::string> bodies;
    for_matches(text, R"(\nclass (\w+)[^;{]*\{)", [&](const std::smatch& match) {
      const std::string name = match[1], body = inside(text, match);
      bodies[name] = body;
      if (name.ends_with("Base")) return;
      const auto add_those_of = [&](const std::string& made) {
        for_matches(bodies[made], R"(\n  (?:explicit )?)" + made + R"(\()",
                    [&](const std::smatch& constructor) {
                      add(found, name, inside(bodies[made], constructor), structures);
                    });
      };
      add_those_of(name);
      for_matches(body, R"(using Polymorphic<\w+, (\w+)>::Polymorphic;)",
                  [&](const std::smatch& inherited) { add_those_of(inherited[1]); });
    });
  }
  return found;
}

}  // namespace bounds
