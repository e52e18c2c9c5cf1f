#include "examples/chainer_names/python_names.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace chainer_names {
namespace {

// The program with its comments and strings as spaces. Lines stay lines.
std::string without_texts(std::string_view python) {
  std::string code(python);
  std::size_t i = 0;
  const auto blank = [&](std::size_t n) {
    for (const std::size_t end = std::min(i + n, code.size()); i < end; ++i)
      if (code[i] != '\n') code[i] = ' ';
  };
  while (i < code.size()) {
    if (code[i] == '#') {
      blank(std::min(python.find('\n', i), code.size()) - i);
    } else if (code[i] == '"' || code[i] == '\'') {
      const std::string quote(python.substr(i, 3) == std::string(3, code[i]) ? 3 : 1, code[i]);
      blank(quote.size());
      while (i < code.size() && python.substr(i, quote.size()) != quote) {
        if (quote.size() == 1 && python[i] == '\n') break;  // a string that is not closed
        blank(python[i] == '\\' ? 2 : 1);
      }
      if (python.substr(i, quote.size()) == quote) blank(quote.size());
    } else {
      ++i;
    }
  }
  return code;
}

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Words and single characters, one after the other.
class Tokens {
 public:
  explicit Tokens(const std::string& code) : code_(code) { next(); }
  // Empty at the end. A line's end is "\n".
  const std::string& now() const { return now_; }
  int line() const { return line_; }
  void next() {
    if (now_ == "\n") ++line_;
    while (at_ < code_.size() && code_[at_] != '\n' &&
           std::isspace(static_cast<unsigned char>(code_[at_])))
      ++at_;
    std::size_t end = at_;
    if (end < code_.size() && in_name(code_[end]))
      while (end < code_.size() && in_name(code_[end])) ++end;
    else if (end < code_.size())
      ++end;
    now_ = code_.substr(at_, end - at_);
    at_ = end;
  }
  bool accept(std::string_view token) {
    if (now_ != token) return false;
    next();
    return true;
  }
  bool at_name() const { return !now_.empty() && in_name(now_[0]); }
  // a.b.c; empty if no name follows.
  std::string dotted() {
    std::string name;
    while (at_name()) {
      name += now_;
      next();
      if (now_ != ".") break;
      next();
      if (!at_name()) break;
      name += '.';
    }
    return name;
  }

 private:
  const std::string& code_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string now_;
};

bool is_of_chainer(std::string_view name) {
  return name == "chainer" || name.starts_with("chainer.");
}

}  // namespace

std::vector<Use> find_names(std::string_view python) {
  const std::string code = without_texts(python);
  Tokens tokens(code);
  std::map<std::string, std::string, std::less<>>
      imported;  // what a name of the program stands for
  std::vector<Use> uses;

  const auto import_modules = [&] {
    do {
      const std::string module = tokens.dotted();
      const bool renamed = tokens.accept("as");
      const std::string name = renamed ? tokens.dotted() : module.substr(0, module.find('.'));
      if (is_of_chainer(module)) imported[name] = renamed ? module : name;
    } while (tokens.accept(","));
  };
  const auto import_from = [&] {
    const std::string module = tokens.dotted();
    if (!tokens.accept("import") || !is_of_chainer(module)) return;
    const bool brackets = tokens.accept("(");
    do {
      while (brackets && tokens.accept("\n")) continue;
      const int line = tokens.line();
      const std::string what = tokens.dotted();
      if (what.empty()) break;
      const std::string name = tokens.accept("as") ? tokens.dotted() : what;
      imported[name] = module + "." + what;
      uses.push_back({line, what, module + "." + what});
      while (brackets && tokens.accept("\n")) continue;
    } while (tokens.accept(","));
  };

  bool begins_line = true, after_dot = false;
  while (!tokens.now().empty()) {
    if (begins_line && tokens.accept("import")) {
      import_modules();
    } else if (begins_line && tokens.accept("from")) {
      import_from();
    } else if (tokens.at_name() && !after_dot) {
      const int line = tokens.line();
      const std::string name = tokens.dotted();
      const std::string first = name.substr(0, name.find('.'));
      if (const auto known = imported.find(first); known != imported.end())
        uses.push_back({line, name, known->second + name.substr(first.size())});
    } else {
      begins_line = tokens.now() == "\n";
      after_dot = tokens.now() == ".";
      tokens.next();
      continue;
    }
    begins_line = after_dot = false;
  }
  return uses;
}

}  // namespace chainer_names
