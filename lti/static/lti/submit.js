// Sends the answer on to the tool; without scripts there is the button.
document.getElementById("answer").submit();
