export default "of another plugin";
