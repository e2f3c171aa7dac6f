#include "runtime/report/letter_texts.h"

namespace twoway::report {
namespace {

using When = Paragraph::When;

constexpr Paragraph maintenance[] = {
    {When::always, "Hello,"},
    {When::always,
     "we move {service} to another store: from {from} to {to}. All {accounts} and everything in them go "
     "over."},
    {When::with_date,
     "The maintenance begins {when}. From then on, and until you hear from us again, {service} is not "
     "available."},
    {When::without_date,
     "We will tell you the day and the hour in another message. During the maintenance {service} is "
     "not available."},
    {When::always, "Please finish what you are doing before it begins. You need not save or export anything."},
    {When::always, "Afterwards everybody signs in once more, with the same address and the same password as before."},
    {When::oauth,
     "If you sign in through an account elsewhere, such as that of your company, you do so afterwards, too."},
    {When::resets, "For {resets} the password cannot be taken over; they get a message of their own."},
    {When::contact, "Questions: {contact}"},
};

constexpr Paragraph sign_in_again[] = {
    {When::always, "Hello,"},
    {When::always, "{service} has moved from {from} to {to}. It is available again since {finished}."},
    {When::always,
     "For your safety all sessions have ended with the move ({signed_out}). Please sign in again, with the "
     "same address and the same password as before."},
    {When::oauth, "If you sign in through an account elsewhere, such as that of your company, please do so again."},
    {When::always, "If something is missing or looks wrong, please tell us."},
    {When::contact, "Questions: {contact}"},
};

constexpr Paragraph reset_password[] = {
    {When::always, "Hello,"},
    {When::always, "{service} has moved from {from} to {to}. It is available again since {finished}."},
    {When::always,
     "Your account went over with everything in it, but your password does not work any more. This is so "
     "for {resets}; nobody else has seen or used your password because of it."},
    {When::always,
     "Please set a new password: choose `Forgot password` where you sign in, or ask us to set one for you. "
     "We will never ask you for your password."},
    {When::contact, "Questions: {contact}"},
};

constexpr Paragraph we_went_back[] = {
    {When::always, "Hello,"},
    {When::there,
     "the move of {service} from {from} to {to} of {started} was undone: it uses {from} again, as before."},
    {When::there, "What you wrote in between may not be there. Please look for it, and tell us what you miss."},
    {When::back,
     "{service} went back from {from} to {to}. It is available again since {finished}, with what you wrote "
     "in between."},
    {When::always, "Please sign in again, with your address and your password."},
    {When::contact, "Questions: {contact}"},
};

using To = LetterTemplate::To;
constexpr LetterTemplate letters[] = {
    {"maintenance", "{service}: maintenance", To::all, true, maintenance},
    {"sign-in-again", "{service}: please sign in again", To::without_reset, false, sign_in_again},
    {"reset-password", "{service}: please set a new password", To::only_reset, false, reset_password},
    {"we-went-back", "{service}: we went back", To::all, false, we_went_back},
};

}  // namespace

std::span<const LetterTemplate> letter_templates() { return letters; }

}  // namespace twoway::report
