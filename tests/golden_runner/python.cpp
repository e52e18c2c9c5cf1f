#include "tests/golden_runner/python.h"

#include <cctype>
#include <cmath>
#include <cstdlib>

#include "autograd/base/error.h"

namespace golden {

using autograd::Error;

const Expression* Expression::keyword(std::string_view name) const {
  for (std::size_t i = 0; i < keywords.size(); ++i)
    if (keywords[i] == name) return &parts[1 + positional() + i];
  return nullptr;
}

const Expression* Expression::argument(std::size_t position, std::string_view name) const {
  return position < positional() ? &parts[1 + position] : keyword(name);
}

namespace {

using Kind = Expression::Kind;

// Recursive descent, one function for each level of precedence.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expression whole() {
    Expression e = sum();
    space();
    if (at_ != text_.size()) fail("the end");
    return e;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error("manifest: " + what + " is expected in the expression " + std::string(text_) +
                ", but at character " + std::to_string(at_) + " there is something else");
  }
  void space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool take(std::string_view token) {
    space();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) fail(std::string(token));
  }
  static Expression make(Kind kind, std::string text, std::vector<Expression> parts) {
    Expression e;
    e.kind = kind;
    e.text = std::move(text);
    e.parts = std::move(parts);
    return e;
  }

  Expression sum() {
    Expression e = product();
    for (;;) {
      if (take("+"))
        e = make(Kind::binary, "+", {e, product()});
      else if (take("-"))
        e = make(Kind::binary, "-", {e, product()});
      else
        return e;
    }
  }
  Expression product() {
    Expression e = negation();
    for (;;) {
      if (take("//"))
        e = make(Kind::binary, "//", {e, negation()});
      else if (take("/"))
        e = make(Kind::binary, "/", {e, negation()});
      else if (take("@"))
        e = make(Kind::binary, "@", {e, negation()});
      else if (take("*"))
        e = make(Kind::binary, "*", {e, negation()});
      else
        return e;
    }
  }
  Expression negation() {
    if (!take("-")) return power();
    Expression e = negation();
    if (e.kind == Kind::literal && e.value.is(Value::Kind::number)) {
      e.value = Value::of(-e.value.number());
      return e;
    }
    return make(Kind::unary, "-", {e});
  }
  Expression power() {
    Expression e = trailers();
    if (take("**")) return make(Kind::binary, "**", {e, negation()});
    return e;
  }
  Expression trailers() {
    Expression e = atom();
    for (;;) {
      if (take(".")) {
        e = make(Kind::attribute, name(), {e});
      } else if (take("[")) {
        e = make(Kind::subscript, "", {e, sum()});
        expect("]");
      } else if (take("(")) {
        e = call(e);
      } else {
        return e;
      }
    }
  }
  Expression call(const Expression& callee) {
    Expression e = make(Kind::call, "", {callee});
    while (!take(")")) {
      const std::size_t start = at_;
      space();
      std::string keyword = starts_name() ? name() : "";
      space();
      if (!keyword.empty() && at_ < text_.size() && text_[at_] == '=') {
        ++at_;
        e.keywords.push_back(keyword);
      } else {
        at_ = start;
      }
      e.parts.push_back(sum());
      if (!take(",")) {
        expect(")");
        break;
      }
    }
    return e;
  }
  Expression items(std::string_view close, bool always_list) {
    std::vector<Expression> parts;
    bool comma = always_list;
    while (!take(close)) {
      parts.push_back(sum());
      if (!take(",")) {
        expect(close);
        break;
      }
      comma = true;
    }
    if (parts.size() == 1 && !comma) return parts[0];
    return make(Kind::list, std::string(close), std::move(parts));
  }
  Expression atom() {
    space();
    if (take("(")) return items(")", false);
    if (take("[")) return items("]", true);
    if (take("{")) return dictionary();
    if (take("'")) return quoted('\'');
    if (take("\"")) return quoted('"');
    Expression e;
    const auto is_digit = [&](std::size_t at) {
      return at < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at]));
    };
    if (is_digit(at_) || (at_ < text_.size() && text_[at_] == '.' && is_digit(at_ + 1))) {
      const std::string rest(text_.substr(at_));
      char* end = nullptr;
      e.value = Value::of(std::strtod(rest.c_str(), &end));
      e.text = rest.substr(0, static_cast<std::size_t>(end - rest.c_str()));
      at_ += e.text.size();
      return e;
    }
    if (!starts_name()) fail("a name or a number");
    e.text = name();
    if (e.text == "True" || e.text == "False")
      e.value = Value::of(e.text == "True");
    else if (e.text != "None")
      e.kind = Kind::name;
    return e;
  }
  // {0: 8, 1: 5}: its keys and values by turns.
  Expression dictionary() {
    std::vector<Expression> parts;
    while (!take("}")) {
      parts.push_back(sum());
      expect(":");
      parts.push_back(sum());
      if (!take(",")) {
        expect("}");
        break;
      }
    }
    return make(Kind::list, "}", std::move(parts));
  }
  Expression quoted(char quote) {
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("a closing quote");
    Expression e;
    e.value = Value::of(std::string(text_.substr(at_, end - at_)));
    at_ = end + 1;
    return e;
  }
  bool starts_name() const {
    return at_ < text_.size() &&
           (std::isalpha(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_');
  }
  std::string name() {
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    if (at_ == start) fail("a name");
    return std::string(text_.substr(start, at_ - start));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Expression parse_python(std::string_view text) { return Parser(text).whole(); }

Value literal(const Expression& e) {
  if (e.kind == Kind::literal) return e.value;
  if (e.kind == Kind::unary) return Value::of(-literal(e.parts[0]).number());
  if (e.kind == Kind::binary) {
    const double a = literal(e.parts[0]).number(), b = literal(e.parts[1]).number();
    if (e.text == "+") return Value::of(a + b);
    if (e.text == "-") return Value::of(a - b);
    if (e.text == "*") return Value::of(a * b);
    if (e.text == "/") return Value::of(a / b);
    if (e.text == "**") return Value::of(std::pow(a, b));
  }
  if (e.kind != Kind::list) throw Error("manifest: a literal is expected, but there is " + e.text);
  std::vector<Value> items;
  for (const Expression& part : e.parts) items.push_back(literal(part));
  return Value::list(std::move(items));
}

}  // namespace golden
