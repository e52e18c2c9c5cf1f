#include "tests/golden_runner/script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>
#include <sstream>

#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/config.h"
#include "nn/links/hooks/timer.h"

namespace golden {

using autograd::Error;

const Thing* Given::find(std::size_t position, const std::string& name) {
  if (position < positional_.size()) {
    positions_read_.insert(position);
    return &positional_[position];
  }
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  names_read_.insert(name);
  return &found->second;
}

Variable Given::x(std::size_t position, const std::string& name) {
  const Thing* thing = find(position, name);
  return thing ? thing->variable : Variable();
}

Variables Given::xs(std::size_t position, const std::string& name) {
  const Thing* thing = find(position, name);
  if (!thing || !thing->list)
    throw Error("manifest: a list of variables is expected, but there is something else");
  Variables all;
  for (const Thing& each : *thing->list) all.push_back(each.variable);
  return all;
}

bool Given::flag(std::size_t position, const std::string& name, bool otherwise) {
  const Thing* thing = find(position, name);
  return thing ? thing->literal.flag(otherwise) : otherwise;
}

std::string Given::text(std::size_t position, const std::string& name,
                        const std::string& otherwise) {
  const Thing* thing = find(position, name);
  return thing ? thing->literal.text(otherwise) : otherwise;
}

Variables Given::all() {
  Variables all;
  for (std::size_t i = 0; i < positional_.size(); ++i) all.push_back(x(i, ""));
  for (const auto& [name, value] : named()) all.push_back(value);
  return all;
}

std::map<std::string, Variable> Given::named() {
  std::map<std::string, Variable> all;
  for (const auto& [name, thing] : by_name_) {
    names_read_.insert(name);
    all[name] = thing.variable;
  }
  return all;
}

int Given::integer(std::size_t position, const std::string& name, int otherwise) {
  const Thing* thing = find(position, name);
  return thing ? thing->literal.integer(otherwise) : otherwise;
}

void Given::require_all_read(const std::string& function) const {
  std::vector<std::string> unread;
  for (std::size_t i = 0; i < positional_.size(); ++i)
    if (!positions_read_.contains(i)) unread.push_back(fmt::format("number {}", i));
  for (const auto& [name, thing] : by_name_)
    if (!names_read_.contains(name)) unread.push_back(name);
  if (!unread.empty())
    throw Error(fmt::format("{}: the runner must read every argument, but it does not read {}",
                            function, fmt::join(unread, ", ")));
}

namespace {

using Kind = Expression::Kind;

class Interpreter {
 public:
  Interpreter(const Call& call, const Scripted& link) : call_(call), link_(link) {}

  Variables run() {
    std::istringstream text(call_.text);
    for (std::string line; std::getline(text, line);) {
      const std::size_t indent = line.find_first_not_of(' ');
      if (indent != std::string::npos) lines_.push_back({indent, line.substr(indent)});
    }
    block(0);
    const auto ys = names_.find("ys");
    const Thing& result = ys == names_.end() ? last_ : ys->second;
    Variables all;
    collect(result, all);
    return all;
  }

 private:
  struct Line {
    std::size_t indent;
    std::string text;
  };

  static void collect(const Thing& thing, Variables& all) {
    if (!thing.list) return all.push_back(thing.variable);
    for (const Thing& each : *thing.list) collect(each, all);
  }

  // The lines that are indented at least so far.
  void block(std::size_t indent) {
    while (next_ < lines_.size() && lines_[next_].indent >= indent) {
      const Line& line = lines_[next_++];
      if (line.text.starts_with("with "))
        with(line);
      else
        statement(line.text);
    }
  }

  // with chainer.using_config("train", False):
  // with chainer.link_hooks.TimerHook():
  void with(const Line& line) {
    const Expression e =
        parse_python(std::string_view(line.text).substr(5, line.text.size() - 5 - 1));
    if (e.kind == Kind::call && e.callee() == "TimerHook" && e.parts.size() == 1) {
      nn::link_hooks::TimerHook timer;
      {
        const auto scope = timer.watch();
        block(line.indent + 1);
      }
      if (timer.call_history.empty()) throw Error("TimerHook: no call of a link was measured");
      return;
    }
    if (e.kind != Kind::call || e.callee() != "using_config" || e.positional() != 2 ||
        literal(e.parts[1]).text() != "train")
      throw NotBuilt{call_.function + " with the line " + line.text};
    const auto scope = autograd::using_config(&autograd::Config::train, literal(e.parts[2]).flag());
    block(line.indent + 1);
  }

  // names = expression, link.name = expression, link.name[...] = expression, or an expression.
  void statement(const std::string& text) {
    static const std::regex kAssignment(R"(^(\w+(?:, \w+)*) = (.*)$)");
    static const std::regex kOfLink(R"(^link\.([\w.]+)(\[\.\.\.\]|\[:\])? = (.*)$)");
    std::smatch parts;
    if (std::regex_match(text, parts, kOfLink)) {
      const std::string name = parts[1].str();
      const Thing right = value(parse_python(parts[3].str()));
      if (parts[2].matched) {
        Array place = link_.array ? link_.array(name) : Array();
        if (!place) throw NotBuilt{call_.function + " with the line " + text};
        place.assign(right.variable.array());
        return;
      }
      const auto assign = link_.assign.find(name);
      if (assign == link_.assign.end()) throw NotBuilt{call_.function + " with the line " + text};
      assign->second(right);
      return;
    }
    if (!std::regex_match(text, parts, kAssignment)) {
      last_ = value(parse_python(text));
      return;
    }
    const Thing right = value(parse_python(parts[2].str()));
    std::vector<std::string> names;
    std::istringstream left(parts[1].str());
    for (std::string name; std::getline(left >> std::ws, name, ',');) names.push_back(name);
    if (names.size() > 1 && (!right.list || right.list->size() != names.size()))
      throw Error(fmt::format("manifest: {} needs as many values", parts[1].str()));
    for (std::size_t i = 0; i < names.size(); ++i)
      names_[names[i]] = names.size() == 1 ? right : (*right.list)[i];
  }

  static bool is_name(const Expression& e, std::string_view name) {
    return e.kind == Kind::name && e.text == name;
  }

  Thing value(const Expression& e) {
    switch (e.kind) {
      case Kind::literal: {
        Thing thing;
        thing.literal = e.value;
        return thing;
      }
      case Kind::list: {
        std::vector<Thing> all;
        for (const Expression& part : e.parts) all.push_back(value(part));
        return all;
      }
      case Kind::name:
        return named(e.text);
      case Kind::binary: {
        Thing left = value(e.parts[0]);
        const Thing right = value(e.parts[1]);
        if (e.text == "+" && left.list && right.list) {
          left.list->insert(left.list->end(), right.list->begin(), right.list->end());
          return left;
        }
        if (left.list || right.list || (!left.variable && !right.variable)) break;
        return computed(e.text, left, right);
      }
      case Kind::attribute: {
        const auto member = link_.members.find(e.text);
        if (is_name(e.parts[0], "link") && member != link_.members.end()) return member->second();
        break;
      }
      case Kind::call:
        return called(e);
      default:
        break;
    }
    return other(e);
  }

  // Of a variable and another, or a number.
  Thing computed(const std::string& op, const Thing& left, const Thing& right) const {
    const auto by = [&](const auto& a, const auto& b) -> Variable {
      if (op == "+") return a + b;
      if (op == "-") return a - b;
      if (op == "*") return a * b;
      if (op == "/") return a / b;
      throw NotBuilt{call_.function + " with the lines of " + call_.text};
    };
    if (left.variable && right.variable) return by(left.variable, right.variable);
    return left.variable ? by(left.variable, right.literal.number())
                         : by(left.literal.number(), right.variable);
  }

  Thing other(const Expression& e) const {
    if (!link_.other) throw NotBuilt{call_.function + " with the lines of " + call_.text};
    return link_.other(e);
  }

  Thing named(const std::string& name) const {
    if (const auto found = names_.find(name); found != names_.end()) return found->second;
    for (std::size_t i = 0; i < call_.names.size(); ++i)
      if (call_.names[i] == name) return call_.x(i);
    if (const Array constant = call_.constant(name)) return autograd::as_variable(constant);
    throw NotBuilt{call_.function + " of " + name};
  }

  Given arguments(const Expression& e) {
    std::vector<Thing> positional;
    for (std::size_t i = 0; i < e.positional(); ++i) positional.push_back(value(e.parts[1 + i]));
    std::map<std::string, Thing> by_name;
    for (const std::string& keyword : e.keywords) by_name[keyword] = value(*e.keyword(keyword));
    return {std::move(positional), std::move(by_name)};
  }

  Thing called(const Expression& e) {
    const Expression& callee = e.parts[0];
    if (is_name(callee, "list")) return value(e.parts.at(1));
    const bool method = callee.kind == Kind::attribute && is_name(callee.parts[0], "link");
    const auto found = link_.methods.find(callee.text);
    if ((is_name(callee, "link") && link_.call) || (method && found != link_.methods.end())) {
      Given given = arguments(e);
      const Thing result = method ? found->second(given) : link_.call(given);
      given.require_all_read(call_.function);
      return result;
    }
    if (callee.kind == Kind::attribute && is_name(callee.parts[0], "ys") &&
        callee.text == "append") {
      names_.at("ys").list->push_back(value(e.parts.at(1)));
      return {};
    }
    if (callee.kind == Kind::attribute && callee.text == "seed") {  // np.random.seed(3)
      autograd::random::seed(static_cast<std::uint32_t>(literal(e.parts.at(1)).integer()));
      return {};
    }
    return other(e);
  }

  const Call& call_;
  const Scripted& link_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
  std::map<std::string, Thing> names_;
  Thing last_;
};

}  // namespace

Variables run_script(const Call& c, const Scripted& link) {
  c.kwargs.stand_in_text();
  return Interpreter(c, link).run();
}

}  // namespace golden
